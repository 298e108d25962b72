package io.hayloft.runtime.worker;

import java.time.Duration;

/**
 * When the next step should come.
 *
 * @param pause zero to go on at once
 */
public record Pace(Duration pause) {

  private static final Pace AGAIN = new Pace(Duration.ZERO);

  public Pace {
    if (pause.isNegative()) {
      throw new IllegalArgumentException("a pause is not negative: " + pause);
    }
  }

  /** There is more to do. */
  public static Pace again() {
    return AGAIN;
  }

  /** Nothing to do for so long, unless somebody wakes the crew. */
  public static Pace rest(Duration pause) {
    return new Pace(pause);
  }
}
