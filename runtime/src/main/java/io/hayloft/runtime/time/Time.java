package io.hayloft.runtime.time;

import java.time.Duration;
import java.time.Instant;

/** What time it is, and waiting for it to pass. Passed in, so that a test can set it by hand. */
public interface Time {

  /** The time of day, for what people and other machines read. It may jump. */
  Instant now();

  /**
   * Nanoseconds from an arbitrary origin that never go back, for measuring how long a thing took.
   */
  long nanoTime();

  /** Returns after that time, or at once when it is zero or negative. */
  void sleep(Duration duration) throws InterruptedException;

  /** A new rest: a wait by this clock that another thread may cut short. */
  Rest newRest();

  /** Unix time in whole seconds, as the database keeps it. */
  default long epochSecond() {
    return now().getEpochSecond();
  }

  /** The time since an earlier {@link #nanoTime}. */
  default Duration since(long startedNanos) {
    return Duration.ofNanos(nanoTime() - startedNanos);
  }

  static Time system() {
    return SystemTime.INSTANCE;
  }
}
