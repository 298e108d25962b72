package io.hayloft.runtime.worker;

import io.hayloft.runtime.task.Tasks.Task;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the thread of one worker: calls its steps, rests between them, backs off with jitter when a
 * step fails, and stops between steps.
 */
final class WorkerLoop {

  private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

  private final long id;
  private final String name;
  private final Worker worker;
  private final LoopSupport support;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean stopping;
  private boolean woken;
  private @Nullable Task task;

  WorkerLoop(long id, String name, Worker worker, LoopSupport support) {
    this.id = id;
    this.name = name;
    this.worker = worker;
    this.support = support;
  }

  long id() {
    return id;
  }

  void start() {
    task = support.tasks().start(name, this::run);
  }

  boolean isRunning() {
    return task != null && task.isRunning();
  }

  /** Cuts the present or the next rest short. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the loop after the step it is in. */
  void stopSoon() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stopWithin(Duration limit) {
    stopSoon();
    var started = task;
    if (started == null) {
      return;
    }
    try {
      if (!started.join(limit)) {
        log.warn("{} does not end its step; interrupting it", name);
        started.cancel();
      }
    } catch (InterruptedException e) {
      started.cancel();
      Thread.currentThread().interrupt();
    }
  }

  private void run() throws InterruptedException {
    int failures = 0;
    while (!isStopping()) {
      Duration pause;
      try {
        pause = worker.step().pause();
        failures = 0;
      } catch (RuntimeException e) {
        failures++;
        pause = backOff(failures);
        log.warn("{} failed {} times in a row; next try in {}", name, failures, pause, e);
      }
      rest(pause);
    }
  }

  private Duration backOff(int failures) {
    long ceiling =
        Math.min(
            LONGEST_BACK_OFF.toMillis(), FIRST_BACK_OFF.toMillis() << Math.min(failures - 1, 16));
    return Duration.ofMillis(ceiling / 2 + support.random().nextLong(ceiling / 2 + 1));
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private void rest(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (left > 0 && !woken && !stopping) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }
}
