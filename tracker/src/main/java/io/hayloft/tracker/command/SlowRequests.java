package io.hayloft.tracker.command;

import io.hayloft.protocol.Request;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of requests that took long, and for whom they waited: a line for the first of a
 * command, then one a minute for all. Requests that clients want to take long do not count.
 */
final class SlowRequests {

  private static final Logger log = LoggerFactory.getLogger(SlowRequests.class);

  private final long slowNanos;
  private final RepeatedCauses causes;

  SlowRequests(Duration slow, Time time) {
    this.slowNanos = slow.toNanos();
    this.causes = new RepeatedCauses(log, time);
  }

  /**
   * @param queued how long it waited for its turn
   * @param took from then on
   */
  void ended(Request request, long queued, long took, Phases phases) {
    long copies = phases.nanos(Phase.COPIES);
    if (queued + took - copies < slowNanos || request.command().equals(CareCommands.SLEEP)) {
      return;
    }
    long database = phases.nanos(Phase.DATABASE);
    long nodes = phases.nanos(Phase.NODES);
    causes.warn(
        "slow " + request.command(),
        String.format(
            Locale.ROOT,
            "%d ms (queue %d, database %d, nodes %d, copies %d, itself %d) %s",
            millis(queued + took),
            millis(queued),
            millis(database),
            millis(nodes),
            millis(copies),
            millis(took - database - nodes - copies),
            request.line().strip()));
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
