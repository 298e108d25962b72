package io.hayloft.bench.tracker;

import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.tracker.talk.LookUp;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Somebody who is asked, and what there is to ask for. */
interface Site extends AutoCloseable {

  /** What it is called in a table. */
  String name();

  InetSocketAddress address();

  /** Whether it has what is asked for. */
  boolean knows(Operation operation);

  /** Sets up what an operation needs before any run of it. */
  default void enter(Operation operation) throws InterruptedException {}

  /** Undoes what {@link #enter} did. */
  default void leave(Operation operation) {}

  /**
   * What is said in one run.
   *
   * @param length which it takes at most
   */
  Act prepare(Operation operation, LookUp.Draw draw, Duration length) throws InterruptedException;

  /** What its processes have used so far. */
  Consumption consumption();

  @Override
  void close();

  /** A run's dialogue and what follows it. */
  interface Act {

    Dialogue dialogue();

    /**
     * Looks whether the run left what it was to leave, and tidies up.
     *
     * @param loop over which it was
     * @throws IllegalStateException when it did not
     */
    default void after(Outcome outcome, ClosedLoop loop) throws InterruptedException {}

    /** What leaves nothing behind. */
    static Act of(Dialogue dialogue) {
      return () -> dialogue;
    }
  }
}
