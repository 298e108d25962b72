package io.hayloft.bench.node;

import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A figure for itself.
 *
 * @param what was measured, with its unit
 * @param theirs nginx's, where that was measured
 * @param goal for the median of ours
 * @param load of the machine when it was measured
 */
record Fact(String what, Spread ours, Optional<Spread> theirs, Optional<Goal> goal, double load) {

  String row() {
    return "| %s | %s | %s | %s | %.1f |%n"
        .formatted(
            what,
            NodeReport.spread(ours),
            theirs.map(NodeReport::spread).orElse("–"),
            goal.map(each -> each.judge(ours.median())).orElse("–"),
            load);
  }

  Map<String, Object> json() {
    var one = new LinkedHashMap<String, Object>();
    one.put("what", what);
    one.put("hayloft", ours.median());
    theirs.ifPresent(each -> one.put("nginx", each.median()));
    goal.ifPresent(
        each -> {
          one.put("goal", each.bound());
          one.put("met", each.isMet(ours.median()));
        });
    one.put("load", load);
    return one;
  }
}
