package io.hayloft.bench.report;

import java.util.Locale;

/** What is to be reached. */
public record Goal(Yardstick.Better better, double bound) {

  public static Goal atLeast(double bound) {
    return new Goal(Yardstick.Better.HIGHER, bound);
  }

  public static Goal atMost(double bound) {
    return new Goal(Yardstick.Better.LOWER, bound);
  }

  public boolean isMet(double value) {
    return switch (better) {
      case HIGHER -> value >= bound;
      case LOWER -> value <= bound;
    };
  }

  /** Such as {@code ≥ 1.2, met}. */
  public String judge(double value) {
    var sign =
        switch (better) {
          case HIGHER -> "≥";
          case LOWER -> "≤";
        };
    // Whole numbers without, ratios with what they have behind the point.
    var number = String.format(Locale.ROOT, "%.2f", bound).replaceAll("\\.?0+$", "");
    return sign + " " + number + (isMet(value) ? ", met" : ", **missed**");
  }
}
