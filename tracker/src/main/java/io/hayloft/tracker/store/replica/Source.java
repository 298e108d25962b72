package io.hayloft.tracker.store.replica;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A database that look-ups can be asked of, and whether it is worth asking. One that failed is left
 * alone, the longer the more often it failed in a row, and tried in the background: no request pays
 * for the trial.
 */
final class Source {

  /** As in the original, for which it is 20 above the first. */
  private static final int MOST_FAILURES = 21;

  /** The cheapest question that only a database with the tables answers. */
  private static final Fid ANY = new Fid(1);

  private final String name;
  private final FileLookups lookups;
  private final Predicate<StoreException> isFatal;
  private final Time time;
  private final Object lock = new Object();
  private boolean up;
  private int failures;
  private long retryAt;

  /**
   * @param up whether it is asked before it was tried
   * @param isFatal which failures mean that it is better left alone
   */
  Source(
      String name, FileLookups lookups, boolean up, Predicate<StoreException> isFatal, Time time) {
    this.name = name;
    this.lookups = lookups;
    this.isFatal = isFatal;
    this.time = time;
    this.up = up;
    this.retryAt = time.nanoTime();
  }

  String name() {
    return name;
  }

  boolean isUp() {
    synchronized (lock) {
      return up;
    }
  }

  /** Whether it is time to try one that failed. */
  boolean isDue() {
    synchronized (lock) {
      return !up && time.nanoTime() - retryAt >= 0;
    }
  }

  /** Forgets how often it failed: its operator may have done something about it. */
  void hurry() {
    synchronized (lock) {
      failures = 0;
      retryAt = time.nanoTime();
    }
  }

  /**
   * @param retry how long it is left alone after a first failure
   * @throws StoreException what the database threw, after it was taken note of
   */
  <T> T ask(Function<FileLookups, T> question, Duration retry) {
    try {
      return question.apply(lookups);
    } catch (StoreException e) {
      if (isFatal.test(e)) {
        failed(retry);
      }
      throw e;
    }
  }

  /** Asks something cheap; whether it is well afterwards. */
  void trial(Duration retry) {
    ask(each -> each.checksum(ANY), retry);
    synchronized (lock) {
      up = true;
      failures = 0;
    }
  }

  /** Several requests may meet one failure; it counts once. */
  private void failed(Duration retry) {
    synchronized (lock) {
      if (up || time.nanoTime() - retryAt >= 0) {
        up = false;
        failures = Math.min(MOST_FAILURES, failures + 1);
        retryAt = time.nanoTime() + retry.multipliedBy(failures).toNanos();
      }
    }
  }
}
