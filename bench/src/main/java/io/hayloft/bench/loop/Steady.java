package io.hayloft.bench.loop;

import java.time.Duration;
import java.util.List;

/** So many operations a second, evenly; one rate after another. */
public final class Steady implements Schedule {

  private final List<Span> spans;
  private int current;
  private long spanBegan;
  private long inSpan;

  /**
   * A while of one rate.
   *
   * @param perSecond above 0
   */
  public record Span(double perSecond, Duration length) {

    public Span {
      if (!(perSecond > 0)) {
        throw new IllegalArgumentException("a rate is above 0, not " + perSecond);
      }
    }
  }

  public Steady(List<Span> spans) {
    this.spans = List.copyOf(spans);
  }

  public static Steady of(double perSecond, Duration length) {
    return new Steady(List.of(new Span(perSecond, length)));
  }

  @Override
  public long next() {
    while (current < spans.size()) {
      var span = spans.get(current);
      long offset = (long) (inSpan * 1e9 / span.perSecond());
      if (offset < span.length().toNanos()) {
        inSpan++;
        return spanBegan + offset;
      }
      spanBegan += span.length().toNanos();
      inSpan = 0;
      current++;
    }
    return OVER;
  }
}
