package io.hayloft.tracker.work.delete;

import io.hayloft.runtime.time.Rest;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;

/** A clock by which the same time goes by between any two looks at it. */
record TickingTime(ManualTime time, Duration tick) implements Time {

  TickingTime(Duration tick) {
    this(ManualTime.start(), tick);
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long nanoTime() {
    time.advance(tick);
    return time.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    time.sleep(duration);
  }

  @Override
  public Rest newRest() {
    return time.newRest();
  }
}
