package io.hayloft.tracker.command;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what commands failed of. A cause that repeats (a database that is down fails every
 * request) is written with its stack once a minute, with a count of those in between.
 */
final class FailureLog {

  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int MAX_CAUSES = 200;

  private final Time time;
  private final Map<String, Seen> causes = new HashMap<>();

  private record Seen(long atNanos, long since) {}

  FailureLog(Time time) {
    this.time = time;
  }

  /** A failure that is expected while something this tracker depends on is away. */
  void outage(String command, RuntimeException failure) {
    var count = countIfDue(command, failure);
    if (count > 0) {
      log.warn("{} failed ({} times since last said)", command, count, failure);
    }
  }

  /** A failure that a person should look into. */
  void defect(String command, RuntimeException failure) {
    var count = countIfDue(command, failure);
    if (count > 0) {
      log.error("{} failed ({} times since last said)", command, count, failure);
    }
  }

  /** How many failures of that cause to report now; 0 for none. */
  private synchronized long countIfDue(String command, RuntimeException failure) {
    if (causes.size() >= MAX_CAUSES) {
      causes.clear();
    }
    var cause = command + ": " + failure.getClass().getName();
    var seen = causes.get(cause);
    if (seen == null || time.since(seen.atNanos()).compareTo(QUIET) >= 0) {
      causes.put(cause, new Seen(time.nanoTime(), 0));
      return seen == null ? 1 : seen.since() + 1;
    }
    causes.put(cause, new Seen(seen.atNanos(), seen.since() + 1));
    return 0;
  }
}
