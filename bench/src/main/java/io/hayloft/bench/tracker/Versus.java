package io.hayloft.bench.tracker;

import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Hayloft beside another that was asked for the same, in turn with it.
 *
 * @param goal for the ratio of the rates
 */
record Versus(Result ours, Result theirs, Optional<Goal> goal) {

  Versus {
    if (ours.runs().size() != theirs.runs().size()) {
      throw new IllegalArgumentException("not the same number of turns");
    }
  }

  /** Of the medians of the rates. */
  double ratio() {
    return ours.perSecond() / theirs.perSecond();
  }

  /** The ratios of each turn. */
  Spread pairwise() {
    return Spread.of(
        IntStream.range(0, ours.runs().size())
            .mapToDouble(i -> ours.runs().get(i).perSecond() / theirs.runs().get(i).perSecond())
            .boxed()
            .toList());
  }

  /** How much of the other's processor time; not a number when that is not known. */
  double costRatio() {
    double other = theirs.median(Measurement::centralMicros);
    return other == 0 ? Double.NaN : ours.median(Measurement::centralMicros) / other;
  }

  String row() {
    return "| %s | %d | %s | %s | %s | %.2f [%.2f–%.2f] | %s | %s |%n"
        .formatted(
            ours.operation().title(),
            ours.connections(),
            theirs.site(),
            TrackerReport.number(ours.perSecond()),
            TrackerReport.number(theirs.perSecond()),
            ratio(),
            pairwise().least(),
            pairwise().most(),
            goal.map(each -> each.judge(ratio())).orElse("–"),
            TrackerReport.number(costRatio()));
  }

  Map<String, Object> json() {
    var one = new LinkedHashMap<String, Object>();
    one.put("operation", ours.operation().option());
    one.put("connections", ours.connections());
    one.put("beside", theirs.site());
    one.put("ratio", ratio());
    if (!Double.isNaN(costRatio())) {
      one.put("cpuRatio", costRatio());
    }
    goal.ifPresent(
        each -> {
          one.put("goal", each.bound());
          one.put("met", each.isMet(ratio()));
        });
    return one;
  }
}
