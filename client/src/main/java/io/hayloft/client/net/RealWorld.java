package io.hayloft.client.net;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The clock and the dice of this JVM. */
final class RealWorld implements World {

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration pause) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  @Override
  public int below(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }
}
