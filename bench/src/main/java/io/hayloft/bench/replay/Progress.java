package io.hayloft.bench.replay;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a long job is: a bar that is drawn over and over on a terminal, a line now and then
 * elsewhere.
 */
final class Progress {

  private static final int WIDTH = 30;
  private static final Duration BETWEEN_BARS = Duration.ofMillis(200);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final PrintWriter out;
  private final boolean terminal;
  private final String what;
  private final long all;
  private long next;

  /**
   * @param terminal whether a line can be written over
   * @param all how much there is to do
   */
  Progress(PrintWriter out, boolean terminal, String what, long all) {
    this.out = out;
    this.terminal = terminal;
    this.what = what;
    this.all = all;
  }

  /** Draws it if it is time. */
  void at(long done, long nanos) {
    if (nanos >= next) {
      next = nanos + (terminal ? BETWEEN_BARS : BETWEEN_LINES).toNanos();
      draw(done);
    }
  }

  /** Draws it for the last time. */
  void end(long done) {
    draw(done);
    if (terminal) {
      out.println();
    }
    out.flush();
  }

  private void draw(long done) {
    if (terminal) {
      out.print('\r' + bar(done));
    } else {
      out.println(bar(done));
    }
    out.flush();
  }

  String bar(long done) {
    double share = all == 0 ? 1 : Math.min(1, (double) done / all);
    int filled = (int) (share * WIDTH);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3.0f %% %,d of %,d",
        what,
        "#".repeat(filled),
        " ".repeat(WIDTH - filled),
        share * 100,
        done,
        all);
  }
}
