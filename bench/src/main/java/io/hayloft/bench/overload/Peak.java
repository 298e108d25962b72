package io.hayloft.bench.overload;

import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * Looks for the highest rate that is sustained, beginning with a guess: up or down in steps, then
 * once between the last two.
 */
final class Peak {

  private static final double STEP = 1.15;
  private static final int MOST_STEPS = 12;

  private Peak() {}

  /** What came of a rate. */
  record Trial(double rate, double served, boolean isSustained) {}

  /**
   * @return the trial of the highest rate that was sustained
   * @throws IllegalStateException when none was
   */
  static Trial find(double guess, DoubleFunction<Trial> attempt, Consumer<Trial> say) {
    var first = said(attempt.apply(guess), say);
    var best = first;
    double rate = guess;
    for (int step = 0; step < MOST_STEPS; step++) {
      rate = first.isSustained() ? rate * STEP : rate / STEP;
      var next = said(attempt.apply(rate), say);
      if (next.isSustained() != first.isSustained()) {
        best = next.isSustained() ? next : best;
        var between = said(attempt.apply(best.rate() * Math.sqrt(STEP)), say);
        return between.isSustained() ? between : best;
      }
      best = next;
    }
    if (!best.isSustained()) {
      throw new IllegalStateException("not even " + (long) best.rate() + " a second are sustained");
    }
    return best;
  }

  private static Trial said(Trial trial, Consumer<Trial> say) {
    say.accept(trial);
    return trial;
  }
}
