package io.hayloft.tracker.server;

import static java.util.stream.Collectors.joining;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.command.Jobs;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The lines for operators: {@code !stats}, {@code !jobs} and so on. Answered without waiting behind
 * requests, so that an operator can look into a tracker that is busy. Monitoring systems read the
 * output, whose shape is therefore exact: lines, then a line with a dot.
 */
public final class Console {

  /** What the original says of itself; its tools want dotted numbers. */
  private static final String VERSION = "2.73";

  private static final int MOST_WORKERS = 500;
  private static final String END = "\r\n";
  private static final Pattern WANT = Pattern.compile("(\\d+)\\s+(\\S+)\\s*");
  private static final Pattern TO = Pattern.compile("(\\S+)\\s+(\\S.*)");

  private final Jobs jobs;
  private final RequestQueue queue;
  private final Desk desk;
  private final Time time;
  private final long startedNanos;

  /**
   * What else operators can see and do.
   *
   * @param shutdown begins to stop the tracker, and returns
   */
  record Desk(Recent recent, Watchers watchers, Counts counts, Times times, Runnable shutdown) {}

  Console(Jobs jobs, RequestQueue queue, Desk desk, Time time) {
    this.jobs = jobs;
    this.queue = queue;
    this.desk = desk;
    this.time = time;
    this.startedNanos = time.nanoTime();
  }

  /** Whether a line is one for operators; a lone {@code !} is not. */
  static boolean isFor(String line) {
    return line.length() > 1 && line.charAt(0) == '!' && !isBlank(line.charAt(1));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** The answer, with its last line. */
  String answer(String line, Visitor visitor) {
    var words = line.substring(1).split("\\s+", 2);
    var rest = words.length > 1 ? words[1] : "";
    return lines(words[0], rest, visitor).stream().map(each -> each + END).collect(joining())
        + "."
        + END;
  }

  /** All words may have anything behind them, except {@code stats}: so has the original. */
  private List<String> lines(String word, String rest, Visitor visitor) {
    if (word.equals("stats")) {
      return stats();
    }
    if (word.startsWith("queue") || word.startsWith("pend")) {
      return waiting();
    }
    if (word.startsWith("recent")) {
      return recent();
    }
    if (word.startsWith("watch")) {
      return List.of(watch(visitor));
    }
    if (word.startsWith("jobs")) {
      return jobs();
    }
    if (word.startsWith("want")) {
      return want(rest);
    }
    if (word.startsWith("times")) {
      return desk.times().lines();
    }
    if (word.startsWith("to")) {
      return to(rest);
    }
    if (word.startsWith("version")) {
      return List.of(VERSION);
    }
    if (word.startsWith("shutdown")) {
      desk.shutdown().run();
      return List.of();
    }
    return help();
  }

  private List<String> stats() {
    var state = queue.state();
    var counts = new TreeMap<String, Long>();
    counts.put("queries", desk.counts().requests());
    counts.put("times_out_of_qworkers", state.waited());
    counts.values().removeIf(count -> count == 0);
    jobs.loads()
        .forEach(
            (job, load) -> {
              counts.put("work_queue_for_" + job, load.underWay());
              counts.put("work_sent_to_" + job, load.taken());
            });
    var lines = new ArrayList<String>();
    lines.add("uptime " + time.since(startedNanos).toSeconds());
    lines.add("pending_queries " + state.waiting());
    lines.add("processing_queries " + state.running());
    lines.add("bored_queryworkers " + state.idle());
    counts.forEach((name, count) -> lines.add(name + " " + count));
    return lines;
  }

  private List<String> waiting() {
    return queue.waiting().stream()
        .map(each -> each.clientIp() + " " + Recent.shortened(each.line()))
        .toList();
  }

  private List<String> recent() {
    return desk.recent().all().stream()
        .map(
            each ->
                String.format(
                    Locale.ROOT,
                    "%s %s %.4f %.4f",
                    each.clientIp(),
                    each.line(),
                    each.totalNanos() / 1e9,
                    each.workNanos() / 1e9))
        .toList();
  }

  private String watch(Visitor visitor) {
    return switch (desk.watchers().toggle(visitor)) {
      case ADDED -> "Added you to watcher list.";
      case REMOVED -> "Removed you from watcher list.";
      case TOO_MANY -> "ERROR: too many are watching already";
    };
  }

  private List<String> jobs() {
    var lines = new ArrayList<String>();
    jobs.crews()
        .forEach(
            (job, crew) -> {
              var ids = crew.workers().stream().map(id -> Long.toString(id)).collect(joining(" "));
              lines.add(job + " count " + crew.workers().size());
              lines.add(job + " desired " + crew.desired());
              lines.add(job + " pids " + ids);
            });
    return lines;
  }

  private List<String> want(String rest) {
    var matcher = WANT.matcher(rest);
    if (!matcher.matches()) {
      return List.of("ERROR: usage: !want <count> <jobclass>");
    }
    if (!queue.isOpen()) {
      return List.of("ERROR: Monitor has not completed initial run yet", "");
    }
    int count = count(matcher.group(1));
    var job = matcher.group(2);
    if (!jobs.crews().containsKey(job)) {
      return List.of(
          "ERROR: Invalid class '"
              + job
              + "'.  Valid classes: "
              + String.join(", ", jobs.crews().keySet()));
    }
    jobs.want(count, job);
    return List.of("Now desiring " + count + " children doing '" + job + "'.");
  }

  /** As many as there may be where a number, of any length, asks for more. */
  private static int count(String digits) {
    var number = new BigInteger(digits);
    return number.min(BigInteger.valueOf(MOST_WORKERS)).intValue();
  }

  private List<String> to(String rest) {
    var matcher = TO.matcher(rest);
    if (!matcher.matches()) {
      return List.of("ERROR: usage: !to <jobclass> <message>");
    }
    int reached = jobs.send(matcher.group(1), matcher.group(2));
    return List.of("Message sent to " + reached + " children.");
  }

  private static List<String> help() {
    return List.of(
        "Commands:",
        "  !version                     the version that clients are told",
        "  !stats                       uptime and counters",
        "  !jobs                        background jobs and their workers",
        "  !want <count> <jobclass>     how many workers a job should have",
        "  !to <jobclass> <message>     hand workers a message, such as :wake_up",
        "  !queue                       requests that wait for their turn",
        "  !recent                      the last requests that were answered",
        "  !times                       what the time of commands and statements went into",
        "  !watch                       start or stop being told what happens",
        "  !shutdown                    stop this tracker");
  }
}
