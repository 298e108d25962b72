package io.hayloft.bench.load;

/**
 * When a server has become as fast as it becomes: not after a time, which a busy machine makes
 * longer, but when what a request costs has stopped to fall.
 *
 * <p>Not after fewer seconds than were asked for, nor after {@value #MOST} times as many.
 */
public final class WarmUp {

  private static final int MOST = 6;

  /** Less than this is noise. */
  private static final double STILL_FALLING = 0.93;

  private final int seconds;
  private int spent;
  private double least = Double.MAX_VALUE;

  /**
   * @param seconds of load, at least
   */
  public WarmUp(int seconds) {
    this.seconds = seconds;
  }

  /** How long to put it under load before the next look. */
  public int chunk() {
    return Math.max(1, seconds / 4);
  }

  /**
   * Takes what a request has cost lately.
   *
   * @return whether to go on
   */
  public boolean goesOn(double cost) {
    boolean falls = cost < least * STILL_FALLING;
    least = Math.min(least, cost);
    spent += chunk();
    return spent < seconds || (falls && spent < MOST * seconds);
  }
}
