package io.hayloft.bench.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.server.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All that one call has measured: for people as tables in Markdown, for machines as JSON. */
final class NodeReport {

  private final Map<String, Object> machine;
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<Fact> facts = new ArrayList<>();

  /**
   * @param machine what the figures were measured on and how
   */
  NodeReport(Map<String, Object> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  void add(Fact fact) {
    facts.add(fact);
  }

  List<Comparison> comparisons() {
    return List.copyOf(comparisons);
  }

  String markdown() {
    var text = new StringBuilder();
    if (!comparisons.isEmpty()) {
      text.append("| request | conn. | Hayloft req/s | nginx's best | ratio | goal ")
          .append("| Hayloft CPU µs/req | nginx's best | ratio | goal ")
          .append("| p99 ms: Hayloft, nginx | load |\n")
          .append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
      comparisons.forEach(each -> text.append(row(each)));
    }
    if (!facts.isEmpty()) {
      text.append("\n| what | Hayloft | nginx | goal | load |\n|---|---|---|---|---|\n");
      facts.forEach(each -> text.append(each.row()));
    }
    return text.toString();
  }

  static String row(Comparison comparison) {
    var goals = comparison.contest().goals();
    var p99 = comparison.p99();
    return "| %s | %d | %s | %s | %s, %s | %.1f |%n"
        .formatted(
            comparison.contest().title(),
            comparison.connections(),
            cells(comparison.rate(), goals.rate()),
            cells(comparison.cpu(), goals.cpu()),
            number(p99.ours().median()),
            number(p99.theirs().median()),
            comparison.load());
  }

  /** Ours, theirs, the ratio and how it is to be judged. */
  private static String cells(Versus versus, Optional<Goal> goal) {
    return "%s | %s (%s) | %s [%s–%s] | %s"
        .formatted(
            spread(versus.ours()),
            spread(versus.theirs()),
            versus.rival().title(),
            ratio(versus.ratio()),
            ratio(versus.pairwise().least()),
            ratio(versus.pairwise().most()),
            goal.map(each -> each.judge(versus.ratio())).orElse("–"));
  }

  static String spread(Spread spread) {
    return spread.count() == 1
        ? number(spread.median())
        : "%s [%s–%s]"
            .formatted(number(spread.median()), number(spread.least()), number(spread.most()));
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** Three figures that mean something, at least. */
  static String number(double value) {
    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", machine);
    all.put("comparisons", comparisons.stream().map(NodeReport::json).toList());
    all.put("facts", facts.stream().map(Fact::json).toList());
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> json(Comparison comparison) {
    var one = new LinkedHashMap<String, Object>();
    var goals = comparison.contest().goals();
    one.put("name", comparison.contest().name());
    one.put("bytes", comparison.contest().bytes());
    one.put("files", comparison.contest().files());
    one.put("connections", comparison.connections());
    one.put("requestsPerSecond", json(comparison.rate(), goals.rate()));
    one.put("cpuMicrosPerRequest", json(comparison.cpu(), goals.cpu()));
    one.put("rounds", comparison.rounds().stream().map(NodeReport::json).toList());
    return one;
  }

  private static Map<String, Object> json(Versus versus, Optional<Goal> goal) {
    var one = new LinkedHashMap<String, Object>();
    one.put("hayloft", versus.ours().median());
    one.put("nginx", versus.theirs().median());
    one.put("nginxWith", versus.rival().title());
    one.put("ratio", versus.ratio());
    goal.ifPresent(
        each -> {
          one.put("goal", each.bound());
          one.put("met", each.isMet(versus.ratio()));
        });
    return one;
  }

  private static Map<String, Object> json(Map<Contender, Measurement> round) {
    var one = new LinkedHashMap<String, Object>();
    round.forEach((contender, measured) -> one.put(contender.name(), measured));
    return one;
  }
}
