package io.hayloft.tracker.store.cache;

import io.hayloft.runtime.time.Time;
import java.time.Duration;

/**
 * One server of the cache as this tracker sees it: whether it is worth asking, and whether what it
 * has may be believed.
 */
final class Server {

  /** Names the setting of a server; the column of names is narrow. */
  private static final String SETTING = "hayloft_cache_";

  private static final int DIGITS = 16;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final String name;
  private final String setting;
  private final LookupCache.Limits limits;
  private final Time time;
  private final Object lock = new Object();
  private boolean isAway;
  private int failures;
  private long retryAt;
  private long epoch = -1;
  private long trustedFrom;
  private long coveredUntil;
  private boolean owesRaise;

  Server(String name, LookupCache.Limits limits, Time time) {
    this.name = name;
    this.setting = SETTING + EntryNames.digest(name).substring(0, DIGITS);
    this.limits = limits;
    this.time = time;
    this.coveredUntil = time.nanoTime();
    this.trustedFrom = time.nanoTime();
  }

  String name() {
    return name;
  }

  /** The setting that counts how often a change could not be told to this server. */
  String setting() {
    return setting;
  }

  boolean isAway() {
    synchronized (lock) {
      return isAway;
    }
  }

  /** Whether to try it now. Of those who come when its pause is over one tries. */
  boolean isWorthTrying() {
    synchronized (lock) {
      if (!isAway) {
        return true;
      }
      if (time.nanoTime() - retryAt < 0) {
        return false;
      }
      retryAt = time.nanoTime() + FIRST_PAUSE.toNanos();
      return true;
    }
  }

  void answered() {
    synchronized (lock) {
      isAway = false;
      failures = 0;
    }
  }

  /** Leaves it alone, twice as long each time. */
  void failed() {
    synchronized (lock) {
      isAway = true;
      var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
      failures++;
      retryAt = time.nanoTime() + pause.toNanos();
    }
  }

  /**
   * Whether its answers may be believed: not for a while after its epoch was seen to be another,
   * the first time included.
   */
  boolean isTrusted(long epochNow) {
    synchronized (lock) {
      if (epochNow != epoch) {
        epoch = epochNow;
        trustedFrom = time.nanoTime() + limits.quiet().toNanos();
      }
      return !owesRaise && time.nanoTime() - trustedFrom >= 0;
    }
  }

  /** This tracker believes nothing that it has for a while. */
  void distrust() {
    synchronized (lock) {
      trustedFrom = time.nanoTime() + limits.quiet().toNanos();
    }
  }

  /** Whether everybody is quiet for long enough that no change need be told. */
  boolean isCovered() {
    synchronized (lock) {
      return time.nanoTime() - coveredUntil < 0;
    }
  }

  /**
   * Its epoch has been raised.
   *
   * @param since a moment before that, from which all others are quiet
   */
  void raised(long since) {
    synchronized (lock) {
      owesRaise = false;
      coveredUntil = Math.max(coveredUntil, since + limits.covered().toNanos());
    }
  }

  /** Its epoch must be raised and is not yet. */
  void oweRaise() {
    synchronized (lock) {
      owesRaise = true;
    }
  }

  boolean owesRaise() {
    synchronized (lock) {
      return owesRaise;
    }
  }
}
