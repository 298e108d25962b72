package io.hayloft.tracker.server;

import io.hayloft.tracker.command.Measuring;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the time of this tracker has gone into since its start, read from its meters: a line for
 * each command and each statement, the dearest first.
 */
final class Times {

  private static final List<String> PHASES = List.of("cpu", "database", "nodes", "copies");

  private final MeterRegistry meters;

  Times(MeterRegistry meters) {
    this.meters = meters;
  }

  private record Line(double seconds, String text) {}

  /**
   * {@code command COUNT SECONDS CPU DATABASE NODES COPIES NAME}, the last four of what SECONDS is
   * made of, and {@code statement COUNT SECONDS POOL TEXT}.
   */
  List<String> lines() {
    var lines = new ArrayList<String>();
    sorted(commands()).forEach(lines::add);
    sorted(
            meters.find(Measuring.STATEMENTS).functionTimers().stream()
                .map(Times::statement)
                .toList())
        .forEach(lines::add);
    return lines;
  }

  private static List<String> sorted(List<Line> lines) {
    return lines.stream()
        .sorted(Comparator.comparingDouble(Line::seconds).reversed().thenComparing(Line::text))
        .map(Line::text)
        .toList();
  }

  private List<Line> commands() {
    return meters.find(Measuring.PHASES).functionTimers().stream()
        .collect(Collectors.groupingBy(timer -> tag(timer, "command")))
        .entrySet()
        .stream()
        .map(each -> command(each.getKey(), each.getValue()))
        .toList();
  }

  private static Line command(String name, List<FunctionTimer> timers) {
    Map<String, Double> phases =
        timers.stream().collect(Collectors.toMap(timer -> tag(timer, "phase"), Times::seconds));
    double total = phases.values().stream().mapToDouble(Double::doubleValue).sum();
    var parts =
        PHASES.stream()
            .map(phase -> String.format(Locale.ROOT, "%.6f", phases.getOrDefault(phase, 0.0)))
            .collect(Collectors.joining(" "));
    return new Line(
        total,
        String.format(
            Locale.ROOT,
            "command %d %.6f %s %s",
            (long) timers.getFirst().count(),
            total,
            parts,
            name));
  }

  private static Line statement(FunctionTimer timer) {
    double total = seconds(timer);
    return new Line(
        total,
        String.format(
            Locale.ROOT,
            "statement %d %.6f %s %s",
            (long) timer.count(),
            total,
            tag(timer, "database"),
            tag(timer, "statement")));
  }

  private static double seconds(FunctionTimer timer) {
    return timer.totalTime(TimeUnit.SECONDS);
  }

  private static String tag(FunctionTimer timer, String name) {
    return String.valueOf(timer.getId().getTag(name));
  }
}
