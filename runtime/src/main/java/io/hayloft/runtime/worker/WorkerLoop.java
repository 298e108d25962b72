package io.hayloft.runtime.worker;

import io.hayloft.runtime.task.Tasks.Task;
import io.hayloft.runtime.time.Rest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Owns the thread of one worker: calls its steps, rests between them, backs off with jitter when a
 * step fails, notes a beat before and after each step, and stops between steps.
 *
 * <p>A failed step is followed by 100 to 200 ms of rest, a second failure in a row by twice that,
 * and so on up to 5 to 10 s.
 */
final class WorkerLoop {

  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

  private final long id;
  private final String name;
  private final Worker worker;
  private final LoopSupport support;
  private final Rest rest;

  private volatile boolean stopping;
  private volatile Beat beat;
  private volatile @Nullable Task task;

  /** The last sign of life; written by the loop's own thread. */
  private record Beat(boolean inStep, long nanos, Instant at, long steps, int failures) {}

  WorkerLoop(long id, String name, Worker worker, LoopSupport support) {
    this.id = id;
    this.name = name;
    this.worker = worker;
    this.support = support;
    this.rest = support.time().newRest();
    this.beat = new Beat(false, support.time().nanoTime(), support.time().now(), 0, 0);
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  void start() {
    task = support.tasks().start(name, this::run);
  }

  boolean isRunning() {
    var started = task;
    return started != null && started.isRunning();
  }

  LoopState state() {
    var last = beat;
    return new LoopState(
        id,
        last.inStep(),
        last.at(),
        support.time().since(last.nanos()),
        last.steps(),
        last.failures());
  }

  /** Cuts the present or the next rest short. */
  void wake() {
    rest.cut();
  }

  /** Ends the loop after the step it is in. */
  void stopSoon() {
    stopping = true;
    rest.cut();
  }

  /** Ends the loop, interrupting the step it is in. */
  void stopNow() {
    stopSoon();
    var started = task;
    if (started != null) {
      started.cancel();
    }
  }

  /** Waits for its end; false when it goes on after the limit. */
  boolean join(Duration limit) throws InterruptedException {
    var started = task;
    return started == null || started.join(limit);
  }

  private void run() throws InterruptedException {
    int failures = 0;
    for (long steps = 1; !stopping; steps++) {
      long started = note(true, steps - 1, failures);
      Duration pause;
      try {
        pause = worker.step().pause();
        failures = 0;
      } catch (RuntimeException e) {
        failures++;
        pause = backOff(failures);
        support.meter().failure();
        support
            .causes()
            .warn(name + " failed with " + e.getClass().getSimpleName(), sample(e, failures), e);
      }
      long ended = note(false, steps, failures);
      support.meter().step(Duration.ofNanos(ended - started));
      rest.take(pause);
    }
  }

  private static String sample(RuntimeException e, int failures) {
    return e.getMessage() + (failures > 1 ? " (" + failures + " times in a row)" : "");
  }

  private long note(boolean inStep, long steps, int failures) {
    long nanos = support.time().nanoTime();
    beat = new Beat(inStep, nanos, support.time().now(), steps, failures);
    return nanos;
  }

  private Duration backOff(int failures) {
    long ceiling =
        Math.min(
            LONGEST_BACK_OFF.toMillis(), FIRST_BACK_OFF.toMillis() << Math.min(failures - 1, 16));
    return Duration.ofMillis(ceiling / 2 + support.random().nextLong(ceiling / 2 + 1));
  }
}
