package io.hayloft.bench.loop;

/** When operations are due, in order. */
@FunctionalInterface
public interface Schedule {

  /** There is no further one. */
  long OVER = -1;

  /**
   * When the next operation is due, in nanoseconds from the beginning and never before the one
   * before; or {@link #OVER}, and then always.
   */
  long next();
}
