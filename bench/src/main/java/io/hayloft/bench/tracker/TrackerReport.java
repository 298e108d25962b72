package io.hayloft.bench.tracker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All that one call has measured: for people as tables in Markdown, for machines as JSON. */
final class TrackerReport {

  /** Of memcached's rate. */
  private static final Goal BESIDE_MEMCACHED = Goal.atLeast(0.8);

  private final Map<String, Object> machine;
  private final List<Result> results = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param machine what the figures were measured on and how
   */
  TrackerReport(Map<String, Object> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  void add(List<Result> more) {
    results.addAll(more);
  }

  void add(Finding finding) {
    findings.add(finding);
  }

  /** One for each operation. */
  List<Verdict> verdicts() {
    return results.stream()
        .filter(TrackerReport::isOurs)
        .map(Result::operation)
        .distinct()
        .map(
            operation ->
                Verdict.of(
                    results.stream()
                        .filter(each -> isOurs(each) && each.operation() == operation)
                        .toList()))
        .toList();
  }

  private static boolean isOurs(Result result) {
    return result.site().equals(HayloftSite.NAME);
  }

  List<Versus> comparisons() {
    return results.stream()
        .filter(each -> !isOurs(each))
        .flatMap(each -> versus(each).stream())
        .toList();
  }

  private Optional<Versus> versus(Result theirs) {
    return results.stream()
        .filter(
            each ->
                isOurs(each)
                    && each.operation() == theirs.operation()
                    && each.connections() == theirs.connections())
        .map(
            ours ->
                new Versus(
                    ours,
                    theirs,
                    theirs.site().equals(MemcachedSite.NAME)
                        ? Optional.of(BESIDE_MEMCACHED)
                        : Optional.empty()))
        .findFirst();
  }

  List<Result> results() {
    return List.copyOf(results);
  }

  String markdown() {
    var text = new StringBuilder();
    if (!verdicts().isEmpty()) {
      text.append("| operation | best ops/s (conn.) | original | × | goal ")
          .append("| CPU µs/op, tracker + database | original | goal ")
          .append("| p50 µs, 1 conn. | goal | p99 µs, 32 conn. | goal |\n")
          .append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
      verdicts().forEach(each -> text.append(each.row()));
    }
    if (!results.isEmpty()) {
      text.append("\n| operation | conn. | who | ops/s | CPU µs/op: tracker | database | nodes ")
          .append("| generator | statements/op | p50 µs | p99 µs | load |\n")
          .append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
      results.forEach(each -> text.append(row(each)));
    }
    if (!comparisons().isEmpty()) {
      text.append("\n| operation | conn. | beside | Hayloft ops/s | theirs | ratio | goal ")
          .append("| CPU ratio |\n|---|---|---|---|---|---|---|---|\n");
      comparisons().forEach(each -> text.append(each.row()));
    }
    if (!findings.isEmpty()) {
      text.append("\n| what | Hayloft | original | goal |\n|---|---|---|---|\n");
      findings.forEach(each -> text.append(each.row()));
    }
    return text.toString();
  }

  static String row(Result result) {
    return "| %s | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s | %.1f |%n"
        .formatted(
            result.operation().title(),
            result.connections(),
            result.site(),
            spread(result.spread(Measurement::perSecond)),
            number(result.median(Measurement::trackerMicros)),
            number(result.median(Measurement::databaseMicros)),
            number(result.median(Measurement::nodesMicros)),
            number(result.median(Measurement::askingMicros)),
            number(result.median(Measurement::statements)),
            number(result.median(Measurement::p50Micros)),
            number(result.median(Measurement::p99Micros)),
            result.median(Measurement::load));
  }

  private static String spread(Spread spread) {
    return spread.count() == 1
        ? number(spread.median())
        : "%s [%s–%s]"
            .formatted(number(spread.median()), number(spread.least()), number(spread.most()));
  }

  static String number(Optional<Double> value) {
    return value.map(TrackerReport::number).orElse("–");
  }

  /** Three figures that mean something, at least. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", machine);
    all.put("verdicts", verdicts().stream().map(Verdict::json).toList());
    all.put("results", results.stream().map(TrackerReport::json).toList());
    all.put("comparisons", comparisons().stream().map(Versus::json).toList());
    all.put("findings", findings.stream().map(Finding::json).toList());
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> json(Result result) {
    var one = new LinkedHashMap<String, Object>();
    one.put("operation", result.operation().option());
    one.put("connections", result.connections());
    one.put("site", result.site());
    one.put("perSecond", result.perSecond());
    one.put("runs", result.runs().stream().map(TrackerReport::json).toList());
    return one;
  }

  private static Map<String, Object> json(Measurement run) {
    var one = new LinkedHashMap<String, Object>();
    one.put("operations", run.outcome().operations());
    one.put("perSecond", run.perSecond());
    one.put("p50Micros", run.p50Micros());
    one.put("p99Micros", run.p99Micros());
    one.put("trackerCpuMicros", run.trackerMicros());
    one.put("databaseCpuMicros", run.databaseMicros());
    one.put("nodesCpuMicros", run.nodesMicros());
    one.put("generatorCpuMicros", run.askingMicros());
    one.put("statements", run.statements());
    one.put("load", run.load());
    return one;
  }
}
