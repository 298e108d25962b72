package io.hayloft.client.net;

import java.time.Duration;

/**
 * Time and chance as the client meets them. The one place that reads a clock or rolls dice, so that
 * a test can move both.
 */
public interface World {

  /** The clock and the dice of this JVM. */
  static World real() {
    return new RealWorld();
  }

  /** Nanoseconds that only ever grow; meaningful only as differences. */
  long nanos();

  /** Waits. */
  void pause(Duration pause) throws InterruptedException;

  /** A number from 0 to {@code bound - 1}, each as likely as the others. */
  int below(int bound);
}
