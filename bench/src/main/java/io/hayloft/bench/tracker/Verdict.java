package io.hayloft.bench.tracker;

import io.hayloft.bench.report.Goal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an operation is as fast and as cheap as it is to be. Its rate is that of the best number
 * of connections, its cost is what it was there; latencies are looked at over one connection, and
 * over 32.
 *
 * @param best the runs of the highest rate
 * @param alone over one connection, if that was measured
 * @param crowd over 32, if that was measured
 */
record Verdict(Result best, Optional<Result> alone, Optional<Result> crowd) {

  /**
   * @param results of one operation and one site, over different numbers of connections
   */
  static Verdict of(List<Result> results) {
    return new Verdict(
        results.stream()
            .max(Comparator.comparingDouble(Result::perSecond))
            .orElseThrow(() -> new IllegalArgumentException("no results")),
        over(results, Operation.ALONE),
        over(results, Operation.CROWD));
  }

  private static Optional<Result> over(List<Result> results, int connections) {
    return results.stream().filter(each -> each.connections() == connections).findFirst();
  }

  Operation operation() {
    return best.operation();
  }

  /** How many times the original's best rate. */
  double times() {
    return best.perSecond() / operation().original().perSecond();
  }

  double cost() {
    return best.median(Measurement::centralMicros);
  }

  /** What share of the original's processor time. */
  double costShare() {
    return cost() / operation().original().cpuMicros();
  }

  private Optional<Double> median() {
    return alone.map(each -> each.median(Measurement::p50Micros));
  }

  private Optional<Double> tail() {
    return crowd.map(each -> each.median(Measurement::p99Micros));
  }

  String row() {
    var original = operation().original();
    return "| %s | %s (%d) | %s | %.1f | %s | %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            operation().title(),
            TrackerReport.number(best.perSecond()),
            best.connections(),
            TrackerReport.number(original.perSecond()),
            times(),
            operation().rateGoal().judge(best.perSecond()),
            TrackerReport.number(cost()),
            TrackerReport.number(original.cpuMicros()),
            operation().cpuGoal().judge(cost()),
            TrackerReport.number(median()),
            judge(median(), operation().medianGoal()),
            TrackerReport.number(tail()),
            judge(tail(), operation().tailGoal()));
  }

  private static String judge(Optional<Double> value, Goal goal) {
    return value.map(goal::judge).orElse("–");
  }

  Map<String, Object> json() {
    var one = new LinkedHashMap<String, Object>();
    one.put("operation", operation().option());
    one.put("connections", best.connections());
    put(one, "perSecond", best.perSecond(), operation().rateGoal());
    put(one, "cpuMicros", cost(), operation().cpuGoal());
    median().ifPresent(each -> put(one, "p50MicrosAlone", each, operation().medianGoal()));
    tail().ifPresent(each -> put(one, "p99MicrosCrowd", each, operation().tailGoal()));
    one.put("original", operation().original());
    return one;
  }

  private static void put(Map<String, Object> one, String name, double value, Goal goal) {
    one.put(name, Map.of("value", value, "goal", goal.bound(), "met", goal.isMet(value)));
  }
}
