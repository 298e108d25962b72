package io.hayloft.tracker.work;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the workers of one job have taken from its queue, for operators to see. What was taken comes
 * to its end whatever happens to it.
 */
public final class Workload {

  private final LongAdder taken = new LongAdder();
  private final LongAdder ended = new LongAdder();

  public void take(int count) {
    taken.add(count);
  }

  public void end(int count) {
    ended.add(count);
  }

  /** Since the start. */
  public long taken() {
    return taken.sum();
  }

  public long underWay() {
    // The ended first: otherwise there could seem to be fewer than none.
    long done = ended.sum();
    return taken.sum() - done;
  }
}
