package io.hayloft.tracker.work.rebalance;

import io.hayloft.tracker.store.MoveJob;
import java.time.Duration;

/** A job as the tracker that carries it on has it in mind. One thread at a time calls it. */
interface JobRun {

  /**
   * Does one bounded portion and writes down how far the job is.
   *
   * @param job as it is written down now
   * @return how long to wait before the next
   */
  Duration portion(MoveJob job) throws InterruptedException;
}
