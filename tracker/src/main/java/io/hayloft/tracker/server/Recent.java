package io.hayloft.tracker.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last requests that were answered. */
final class Recent {

  private static final int KEPT = 50;
  private static final int LONGEST_LINE = 1000;

  private final Deque<Answered> requests = new ArrayDeque<>(KEPT);

  /**
   * A request that was answered.
   *
   * @param totalNanos from its arrival
   * @param workNanos from when it left the queue
   */
  record Answered(String clientIp, String line, long totalNanos, long workNanos) {}

  void add(String clientIp, String line, long totalNanos, long workNanos) {
    // Readers take the last two words for numbers; "-0.0000" was none to some of them.
    var answered =
        new Answered(clientIp, shortened(line), Math.max(0, totalNanos), Math.max(0, workNanos));
    synchronized (requests) {
      if (requests.size() == KEPT) {
        requests.remove();
      }
      requests.add(answered);
    }
  }

  /** As much of a request as is shown to people. */
  static String shortened(String line) {
    return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
  }

  /** Oldest first. */
  List<Answered> all() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }
}
