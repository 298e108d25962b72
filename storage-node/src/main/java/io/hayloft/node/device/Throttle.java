package io.hayloft.node.device;

import io.hayloft.runtime.time.Time;
import java.time.Duration;

/** Says how long to wait so that no more bytes a second are read than are allowed. */
public final class Throttle {

  /** What was not used is not saved up beyond this. */
  private static final Duration SAVED = Duration.ofMillis(100);

  private static final double NANOS = 1e9;

  private final long bytesPerSecond;
  private final Time time;
  private long nextNanos;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public Throttle(long bytesPerSecond, Time time) {
    this.bytesPerSecond = bytesPerSecond;
    this.time = time;
    this.nextNanos = time.nanoTime();
  }

  /** Counts bytes that have been read; the wait that is due before the next are. */
  public Duration charge(long bytes) {
    if (bytesPerSecond == 0 || bytes == 0) {
      return Duration.ZERO;
    }
    long now = time.nanoTime();
    long earliest = now - SAVED.toNanos();
    if (nextNanos - earliest < 0) {
      nextNanos = earliest;
    }
    nextNanos += (long) (bytes * NANOS / bytesPerSecond);
    return nextNanos - now > 0 ? Duration.ofNanos(nextNanos - now) : Duration.ZERO;
  }
}
