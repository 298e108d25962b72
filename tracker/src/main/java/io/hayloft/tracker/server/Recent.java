package io.hayloft.tracker.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last requests that were answered. */
final class Recent {

  private static final int KEPT = 50;
  private static final int LONGEST_LINE = 1000;

  private final AtomicReferenceArray<@Nullable Answered> requests =
      new AtomicReferenceArray<>(KEPT);
  private final AtomicLong count = new AtomicLong();

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
    requests.set(place(count.getAndIncrement()), answered);
  }

  private static int place(long number) {
    return Math.floorMod(number, KEPT);
  }

  /** As much of a request as is shown to people. */
  static String shortened(String line) {
    return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
  }

  /** Oldest first. One that is being added may be missing. */
  List<Answered> all() {
    long end = count.get();
    var all = new ArrayList<Answered>(KEPT);
    for (long number = end; number < end + KEPT; number++) {
      var answered = requests.get(place(number));
      if (answered != null) {
        all.add(answered);
      }
    }
    return all;
  }
}
