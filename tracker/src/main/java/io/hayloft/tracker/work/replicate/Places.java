package io.hayloft.tracker.work.replicate;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many things may be under way at a time, and waiting until there is room for several more. */
final class Places {

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private int taken;

  Places(int most) {
    this.most = most;
  }

  void take() {
    lock.lock();
    try {
      taken++;
    } finally {
      lock.unlock();
    }
  }

  void give() {
    lock.lock();
    try {
      taken--;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many are free, not longer than the limit; how many are free then. */
  int await(int wanted, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (most - taken < wanted && left > 0) {
        left = given.awaitNanos(left);
      }
      return Math.max(0, most - taken);
    } finally {
      lock.unlock();
    }
  }
}
