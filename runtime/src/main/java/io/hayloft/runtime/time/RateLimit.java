package io.hayloft.runtime.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets through so much a second and no more than a second's worth at once: a token bucket. Whoever
 * cannot know beforehand how much something takes does it when there is an allowance, and tells
 * afterwards; what was too much is waited for before the next. Any thread may call.
 */
public final class RateLimit {

  private static final double NANOS_PER_SECOND = (double) TimeUnit.SECONDS.toNanos(1);

  private final Time time;
  private final Object lock = new Object();
  private long perSecond;
  private double balance;
  private long counted;

  /**
   * @param perSecond 0 for no limit
   */
  public RateLimit(Time time, long perSecond) {
    this.time = time;
    this.perSecond = checked(perSecond);
    this.balance = (double) perSecond;
    this.counted = time.nanoTime();
  }

  private static long checked(long perSecond) {
    if (perSecond < 0) {
      throw new IllegalArgumentException("a rate is not negative: " + perSecond);
    }
    return perSecond;
  }

  /** Another rate from now on; nothing happens when it is the same. */
  public void set(long newPerSecond) {
    synchronized (lock) {
      if (checked(newPerSecond) != perSecond) {
        fill();
        // What is owed stays owed; there was no limit to owe anything to where there was none.
        balance = perSecond == 0 ? (double) newPerSecond : Math.min(balance, (double) newPerSecond);
        perSecond = newPerSecond;
      }
    }
  }

  private void fill() {
    long now = time.nanoTime();
    double gained = (double) (now - counted) / NANOS_PER_SECOND * (double) perSecond;
    balance = Math.min((double) perSecond, balance + gained);
    counted = now;
  }

  /** How much may be let through now; nothing at all when it is 0. */
  public long allowance() {
    synchronized (lock) {
      if (perSecond == 0) {
        return Long.MAX_VALUE;
      }
      fill();
      return Math.max(0, (long) balance);
    }
  }

  /** So much was let through. */
  public void spend(long amount) {
    synchronized (lock) {
      if (perSecond > 0) {
        fill();
        balance -= (double) amount;
      }
    }
  }

  /** How long it is until there is an allowance of a tenth of a second's worth. */
  public Duration untilAllowed() {
    synchronized (lock) {
      if (perSecond == 0) {
        return Duration.ZERO;
      }
      fill();
      double missing = Math.max(1, (double) perSecond / 10) - balance;
      return missing <= 0
          ? Duration.ZERO
          : Duration.ofNanos((long) Math.ceil(missing / (double) perSecond * NANOS_PER_SECOND));
    }
  }
}
