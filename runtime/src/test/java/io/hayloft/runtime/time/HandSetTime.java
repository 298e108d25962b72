package io.hayloft.runtime.time;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock set by hand for the tests of this module, which cannot use the one of {@code test-kit}
 * because that module stands on this one.
 */
public final class HandSetTime implements Time {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Object, Long> waiting = new HashMap<>();
  private long nanos;

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanoTime());
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
    return new HandSetRest();
  }

  public void advance(Duration duration) {
    lock.lock();
    try {
      nanos += duration.toNanos();
      waiting.values().removeIf(until -> until <= nanos);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when exactly so many threads wait by this clock. */
  public void awaitWaiting(int threads) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = PATIENCE.toNanos();
      while (waiting.size() != threads) {
        if (left <= 0) {
          throw new AssertionError(waiting.size() + " threads wait, not " + threads);
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private final class HandSetRest implements Rest {

    private boolean cut;

    @Override
    public void take(Duration limit) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long until = nanos + TimeUnit.NANOSECONDS.convert(limit);
        while (nanos < until && !cut) {
          if (waiting.put(this, until) == null) {
            changed.signalAll();
          }
          changed.await();
        }
        cut = false;
      } finally {
        waiting.remove(this);
        changed.signalAll();
        lock.unlock();
      }
    }

    @Override
    public void cut() {
      lock.lock();
      try {
        cut = true;
        waiting.remove(this);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
