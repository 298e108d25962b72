package io.hayloft.bench.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One thing that was measured, and what it was to be. */
public record Score(String what, double value, Optional<Goal> goal) {

  public static Score of(String what, double value) {
    return new Score(what, value, Optional.empty());
  }

  public static Score of(String what, double value, Goal goal) {
    return new Score(what, value, Optional.of(goal));
  }

  /** Also where there is nothing to be reached. */
  public boolean isMet() {
    return goal.map(each -> each.isMet(value)).orElse(true);
  }

  String row() {
    return "| %s | %s | %s |%n"
        .formatted(what, number(value), goal.map(each -> each.judge(value)).orElse("–"));
  }

  Map<String, Object> json() {
    var one = new LinkedHashMap<String, Object>();
    one.put("what", what);
    one.put("value", Double.isNaN(value) ? "none" : value);
    goal.ifPresent(
        each -> {
          one.put("goal", each.bound());
          one.put("met", isMet());
        });
    return one;
  }

  /** Three figures that mean something, at least. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    var digits = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits, value);
  }
}
