package io.hayloft.bench.overload;

import io.hayloft.bench.loop.Schedule;
import io.hayloft.bench.measure.Consumption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A schedule that has processor time read whenever one of its spans begins, and with it the end of
 * the one before; on the thread that asks it.
 */
final class Meters implements Schedule {

  private final Schedule schedule;
  private final List<Duration> begins = new ArrayList<>();
  private final Supplier<Used> reader;
  private final List<Used> readings = new ArrayList<>();

  /**
   * What has been used so far.
   *
   * @param asking of this process, in microseconds
   * @param atNanos when it was read
   */
  record Used(Consumption consumption, long asking, long atNanos) {

    Used since(Used earlier) {
      return new Used(
          consumption.since(earlier.consumption),
          asking - earlier.asking,
          atNanos - earlier.atNanos);
    }

    /** Processors that were busy with it. */
    double processors(long micros) {
      return micros * 1000.0 / atNanos;
    }
  }

  /**
   * @param lengths of the spans
   */
  Meters(Schedule schedule, List<Duration> lengths, Supplier<Used> reader) {
    this.schedule = schedule;
    this.reader = reader;
    var begin = Duration.ZERO;
    for (var length : lengths) {
      begins.add(begin);
      begin = begin.plus(length);
    }
  }

  @Override
  public long next() {
    long due = schedule.next();
    int begun = readings.size();
    if (due != OVER && begun < begins.size() && due >= begins.get(begun).toNanos()) {
      readings.add(reader.get());
    }
    return due;
  }

  /** What one of the spans has used; the last one of which is still going on is not known. */
  Used of(int span) {
    return readings.get(span + 1).since(readings.get(span));
  }
}
