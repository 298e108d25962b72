package io.hayloft.runtime.time;

import java.time.Duration;
import java.time.Instant;

/** The machine's clock. */
enum SystemTime implements Time {
  INSTANCE;

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (duration.isPositive()) {
      Thread.sleep(duration);
    }
  }

  @Override
  public Rest newRest() {
    return new SystemRest();
  }
}
