package io.hayloft.runtime.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A rest by the machine's clock. */
final class SystemRest implements Rest {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition cutShort = lock.newCondition();
  private boolean cut;

  @Override
  public void take(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.NANOSECONDS.convert(limit);
      while (left > 0 && !cut) {
        left = cutShort.awaitNanos(left);
      }
      cut = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cut() {
    lock.lock();
    try {
      cut = true;
      cutShort.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
