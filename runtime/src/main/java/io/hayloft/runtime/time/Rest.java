package io.hayloft.runtime.time;

import java.time.Duration;

/**
 * A wait of one thread that any other may cut short. A cut that comes between two rests ends the
 * next one at once, so none is lost; several before it count as one.
 */
public interface Rest {

  /** Returns after that time or when it is cut short; at once when it is zero or negative. */
  void take(Duration limit) throws InterruptedException;

  /** Ends the present rest, or else the next one. */
  void cut();
}
