package io.hayloft.bench.node;

import io.hayloft.bench.report.Yardstick.Better;
import java.util.Locale;

/** What is to be reached. */
record Goal(Better better, double bound) {

  static Goal atLeast(double bound) {
    return new Goal(Better.HIGHER, bound);
  }

  static Goal atMost(double bound) {
    return new Goal(Better.LOWER, bound);
  }

  boolean isMet(double value) {
    return switch (better) {
      case HIGHER -> value >= bound;
      case LOWER -> value <= bound;
    };
  }

  /** Such as {@code ≥ 1.2, met}. */
  String judge(double value) {
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
