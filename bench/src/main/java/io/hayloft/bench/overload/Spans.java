package io.hayloft.bench.overload;

import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.Ledger;
import io.hayloft.bench.loop.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells operations apart by when they were due: in spans that follow each other, each of which is
 * counted as a whole and in windows. A span may hand on those that last into the next one.
 */
final class Spans implements Ledger {

  private final List<Counted> spans;
  private final long window;
  private int current;

  /** A span and what was counted in it. */
  private static final class Counted {

    private final long begins;
    private final Tally whole;
    private final List<Tally> windows = new ArrayList<>();
    private boolean handsOn;

    Counted(long begins, int kinds) {
      this.begins = begins;
      this.whole = new Tally(kinds);
    }
  }

  /**
   * @param lengths of the spans
   * @param window how long one is
   * @param kinds of operations
   */
  Spans(List<Duration> lengths, Duration window, int kinds) {
    this.window = window.toNanos();
    this.spans = new ArrayList<>();
    long begins = 0;
    for (var length : lengths) {
      var counted = new Counted(begins, kinds);
      long count = (length.toNanos() + this.window - 1) / this.window;
      for (long i = 0; i < count; i++) {
        counted.windows.add(new Tally(kinds));
      }
      spans.add(counted);
      begins += length.toNanos();
    }
  }

  /**
   * From now on operations of that span that last into the next one count there, at its beginning:
   * for what the next one does to them the span is not to blame.
   */
  void handOn(int span) {
    spans.get(span).handsOn = true;
  }

  @Override
  public void begun(long due, long lag) {
    while (current + 1 < spans.size() && due >= spans.get(current + 1).begins) {
      current++;
    }
    spans.get(current).whole.begun(due, lag);
  }

  @Override
  public void ended(int kind, Ending ending, long due, long took) {
    var span = spanAt(due);
    long at = due;
    var last = spanAt(due + took);
    if (span.handsOn && last != span) {
      span = spans.get(spans.indexOf(span) + 1);
      at = span.begins;
    }
    span.whole.ended(kind, ending, due, took);
    int index = (int) ((at - span.begins) / window);
    span.windows.get(Math.min(index, span.windows.size() - 1)).ended(kind, ending, due, took);
  }

  private Counted spanAt(long moment) {
    var span = spans.getFirst();
    for (var each : spans) {
      if (each.begins <= moment) {
        span = each;
      }
    }
    return span;
  }

  /** All of one span, from 0. */
  Tally of(int span) {
    return spans.get(span).whole;
  }

  /** The windows of one span. */
  List<Tally> windows(int span) {
    return List.copyOf(spans.get(span).windows);
  }

  /**
   * How long after a span's begin operations are served as they are to be, and stay so: the end of
   * the last window in which they are not.
   *
   * @param p99Micros what the slowest hundredth of those served may take
   */
  Duration recovery(int span, double p99Micros) {
    var windows = spans.get(span).windows;
    int bad = 0;
    for (int i = 0; i < windows.size(); i++) {
      if (!isWell(windows.get(i), p99Micros)) {
        bad = i + 1;
      }
    }
    return Duration.ofNanos(bad * window);
  }

  private static boolean isWell(Tally tally, double p99Micros) {
    var served = tally.of(Ending.SERVED);
    return served.count() == tally.count()
        && (served.count() == 0 || served.percentileMicros(99) <= p99Micros);
  }
}
