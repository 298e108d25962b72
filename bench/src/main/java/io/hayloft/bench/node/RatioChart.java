package io.hayloft.bench.node;

import io.hayloft.bench.report.Goal;
import io.hayloft.bench.report.Panels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A picture of the ratios to nginx at its best, beside what is to be reached. */
final class RatioChart {

  private final List<Comparison> comparisons;

  RatioChart(List<Comparison> comparisons) {
    if (comparisons.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw");
    }
    this.comparisons = List.copyOf(comparisons);
  }

  /** Writes it as PNG. */
  void write(Path file) throws IOException {
    var panels = new Panels();
    add(
        panels,
        "Requests a second, of nginx at its best (more is better)",
        each -> each.rate().ratio(),
        goals -> goals.rate());
    add(
        panels,
        "Processor time for a request, of nginx at its best (less is better)",
        each -> each.cpu().ratio(),
        goals -> goals.cpu());
    panels.write(file);
  }

  private void add(
      Panels panels,
      String title,
      Function<Comparison, Double> ratio,
      Function<Contest.Goals, Optional<Goal>> goal) {
    var contests = comparisons.stream().map(Comparison::contest).distinct().toList();
    var groups =
        comparisons.stream()
            .map(Comparison::connections)
            .distinct()
            .sorted()
            .map(
                connections ->
                    new Panels.Bars(
                        connections + " connections",
                        contests.stream().map(each -> find(each, connections).map(ratio)).toList()))
            .toList();
    panels.add(
        title,
        contests.stream().map(RatioChart::name).toList(),
        groups,
        contests.stream().map(each -> goal.apply(each.goals()).map(Goal::bound)).toList());
  }

  private Optional<Comparison> find(Contest contest, int connections) {
    return comparisons.stream()
        .filter(each -> each.contest().equals(contest) && each.connections() == connections)
        .findFirst();
  }

  private static String name(Contest contest) {
    var durable = contest.kind() == Kind.DURABLE_PUT ? " durable" : "";
    return contest.kind().method() + " " + contest.size() + durable;
  }
}
