package io.hayloft.runtime.task;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Running blocking code beside other code. Passed in, so that threads are made in one place and a
 * simulation can run tasks in an order of its own.
 *
 * <p>Callers may assume that a task runs on a thread that is cheap to block. Implementers owe that
 * {@link #close} interrupts what still runs and returns when it has ended or a bounded time is
 * over, and that nothing can be started after it.
 */
public interface Tasks extends AutoCloseable {

  /**
   * Starts a task that goes on by itself; what it throws is logged with its name.
   *
   * @throws RejectedExecutionException after {@link #close}
   */
  Task start(String name, Body body);

  /**
   * Applies a function to each item, at most {@code inFlight} at a time, and returns the results in
   * the items' order.
   *
   * @throws RuntimeException what the function threw for the first item, in their order, for which
   *     it threw; the others have ended by then
   * @throws InterruptedException when the caller is interrupted; what was started is interrupted as
   *     well but not waited for, because it may be in a call that does not notice
   * @throws RejectedExecutionException after {@link #close}
   */
  <T, R> List<R> forEach(Collection<T> items, int inFlight, Function<? super T, ? extends R> apply)
      throws InterruptedException;

  /**
   * The answer of a call that is given up, and interrupted, when it takes longer than the limit.
   *
   * @throws TimeoutException when it took longer
   * @throws RejectedExecutionException after {@link #close}
   * @throws Exception what the call threw
   */
  <T> T within(Duration limit, Callable<T> call) throws Exception;

  /**
   * For libraries that want an executor: each command runs as a task of that name. The executor
   * sets no limit; the library must.
   */
  Executor executor(String name);

  /** Interrupts all tasks and waits, for a bounded time, until all but the caller have ended. */
  @Override
  void close();

  /** Tasks on virtual threads; closing them waits at most 10 s. */
  static Tasks virtual() {
    return virtual(Duration.ofSeconds(10));
  }

  /** Tasks on virtual threads; closing them waits at most that long. */
  static Tasks virtual(Duration closing) {
    return new VirtualTasks(closing);
  }

  /** What a task does. It ends by itself or when it is interrupted. */
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  /** A started task. */
  interface Task {

    /** Interrupts it; returns at once. */
    void cancel();

    /** Waits for its end; false when it still runs after the limit. */
    boolean join(Duration limit) throws InterruptedException;

    boolean isRunning();
  }
}
