package io.hayloft.bench.tracker;

import io.hayloft.bench.report.Goal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A figure for itself.
 *
 * @param what was measured, with its unit
 * @param original what the original had, where that was measured
 */
record Finding(String what, double value, Optional<Double> original, Optional<Goal> goal) {

  String row() {
    return "| %s | %s | %s | %s |%n"
        .formatted(
            what,
            TrackerReport.number(value),
            original.map(TrackerReport::number).orElse("–"),
            goal.map(each -> each.judge(value)).orElse("–"));
  }

  Map<String, Object> json() {
    var one = new LinkedHashMap<String, Object>();
    one.put("what", what);
    one.put("value", value);
    original.ifPresent(each -> one.put("original", each));
    goal.ifPresent(
        each -> {
          one.put("goal", each.bound());
          one.put("met", each.isMet(value));
        });
    return one;
  }
}
