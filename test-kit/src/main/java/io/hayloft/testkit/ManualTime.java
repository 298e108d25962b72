package io.hayloft.testkit;

import io.hayloft.runtime.time.Rest;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it. Threads that sleep or rest by it really wait,
 * and go on when the clock has been moved far enough.
 *
 * <p>A test that moves the clock for another thread first calls {@link #awaitWaiting}, or that
 * thread might begin to wait only after the clock has moved and then wait for too long.
 */
public final class ManualTime implements Time {

  /** How long a test waits, by the machine's clock, for threads that should come to wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** When those who wait want to go on. */
  private final List<Long> deadlines = new ArrayList<>();

  private Instant now;
  private long nanos;

  private ManualTime(Instant now) {
    this.now = now;
  }

  public static ManualTime startingAt(Instant instant) {
    return new ManualTime(instant);
  }

  /** Starts at noon on the first of January 2026, UTC. */
  public static ManualTime start() {
    return new ManualTime(Instant.parse("2026-01-01T12:00:00Z"));
  }

  @Override
  public Instant now() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return nanos;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    newRest().take(duration);
  }

  @Override
  public Rest newRest() {
    return new ManualRest();
  }

  /** Moves the clock, and with it the time of day. */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("measured time never goes back: " + duration);
    }
    lock.lock();
    try {
      move(duration.toNanos());
    } finally {
      lock.unlock();
    }
  }

  /** Moves the clock to when the first of those who wait wants to go on; false if nobody waits. */
  public boolean advanceToNext() {
    lock.lock();
    try {
      if (deadlines.isEmpty()) {
        return false;
      }
      long next = deadlines.stream().mapToLong(Long::longValue).min().getAsLong();
      move(Math.max(0, next - nanos));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void move(long byNanos) {
    nanos += byNanos;
    now = now.plusNanos(byNanos);
    changed.signalAll();
  }

  /** Sets the time of day, forward or back, as an administrator may; measured time stays. */
  public void setTimeOfDay(Instant instant) {
    lock.lock();
    try {
      now = instant;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when at least so many threads wait by this clock for a time that has not come.
   *
   * @throws AssertionError when they do not within 10 s of the machine's clock
   */
  public void awaitWaiting(int threads) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = PATIENCE.toNanos();
      while (waiting() < threads) {
        if (left <= 0) {
          throw new AssertionError(waiting() + " threads wait by the clock, not " + threads);
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private long waiting() {
    return deadlines.stream().filter(deadline -> deadline > nanos).count();
  }

  /** A rest by this clock. */
  private final class ManualRest implements Rest {

    private boolean cut;
    private @Nullable Long deadline;

    @Override
    public void take(Duration limit) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long until = nanos + TimeUnit.NANOSECONDS.convert(limit);
        if (until > nanos && !cut) {
          waitUntil(until);
        }
        cut = false;
      } finally {
        lock.unlock();
      }
    }

    private void waitUntil(long until) throws InterruptedException {
      deadline = until;
      deadlines.add(until);
      changed.signalAll();
      try {
        while (nanos < until && !cut) {
          changed.await();
        }
      } finally {
        forgetDeadline();
      }
    }

    private void forgetDeadline() {
      if (deadline != null) {
        deadlines.remove(deadline);
        deadline = null;
      }
    }

    @Override
    public void cut() {
      lock.lock();
      try {
        cut = true;
        forgetDeadline(); // or it would count as waiting until its thread runs
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
