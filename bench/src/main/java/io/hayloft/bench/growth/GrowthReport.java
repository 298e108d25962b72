package io.hayloft.bench.growth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hayloft.bench.database.ServerBooks.Part;
import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.report.Goal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** All that one call has measured: for people as tables in Markdown, for machines as JSON. */
final class GrowthReport {

  /** What the slowest hundredth of reads may take, of what it takes at the fewest files. */
  static final Goal FLAT = Goal.atMost(1.5);

  private final Map<String, Object> machine;
  private final List<Level> levels = new ArrayList<>();

  /**
   * @param machine what the figures were measured on and how
   */
  GrowthReport(Map<String, Object> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  /** Fewest files first. */
  void add(Level level) {
    levels.add(level);
  }

  List<Level> levels() {
    return List.copyOf(levels);
  }

  /** The sizes of memory, in the order that they were measured with. */
  List<String> pools() {
    return levels.stream().map(Level::pool).distinct().toList();
  }

  /** The levels with one size of memory. */
  List<Level> of(String pool) {
    return levels.stream().filter(level -> level.pool().equals(pool)).toList();
  }

  static boolean isRead(Operation operation) {
    return switch (operation) {
      case GET_PATHS, LIST_KEYS -> true;
      case STORE_RANDOM, STORE_ASCENDING -> false;
    };
  }

  /** Times what it was at the fewest files with that memory. */
  double slower(Level level, Operation operation) {
    var first =
        levels.stream().filter(each -> each.pool().equals(level.pool())).findFirst().orElseThrow();
    return level.of(operation).median(Run::p99Micros) / first.of(operation).median(Run::p99Micros);
  }

  String markdown() {
    if (levels.isEmpty()) {
      return "nothing was measured";
    }
    var text = new StringBuilder();
    var parts = shown().stream().map(Part::name).toList();
    text.append("| files | bytes a file: ").append(String.join(" | ", parts));
    text.append(" | all | files on disk, MB |\n");
    text.append("|---".repeat(parts.size() + 3)).append("|\n");
    levels.stream().map(this::sizes).distinct().forEach(text::append);
    text.append(
            "\n"
                + "| operation | memory | files | a second | p50 µs | p99 µs | p99, times the first"
                + " | goal ")
        .append("| database CPU µs | pages read | pages written |\n")
        .append("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (var operation : Operation.values()) {
      for (var pool : pools()) {
        of(pool).forEach(level -> text.append(row(level, level.of(operation))));
      }
    }
    text.append("\n| reads | files | statements of a thousand, by the server's count; ")
        .append("no row was written |\n|---|---|---|\n");
    for (var operation : Operation.values()) {
      if (isRead(operation)) {
        of(pools().getFirst())
            .forEach(level -> text.append(statements(level, level.of(operation))));
      }
    }
    return text.toString();
  }

  /** The parts that grow with files; what is empty apart from its first pages does not. */
  private List<Part> shown() {
    var last = levels.getLast();
    return last.parts().stream().filter(part -> last.bytesOfAFile(part) >= 1).toList();
  }

  private String sizes(Level level) {
    var names = shown().stream().map(Part::name).toList();
    return "| %,d | %s | %.0f | %,.0f |%n"
        .formatted(
            level.files(),
            level.parts().stream()
                .filter(part -> names.contains(part.name()))
                .map(part -> "%.1f".formatted(level.bytesOfAFile(part)))
                .collect(Collectors.joining(" | ")),
            level.bytesOfAFile(),
            level.onDisk() / 1e6);
  }

  private String row(Level level, Measured measured) {
    var rate = measured.spread(Run::perSecond);
    double slower = slower(level, measured.operation());
    return "| %s | %s | %,d | %s [%s–%s] | %s | %s | %.2f | %s | %s | %.2f | %.2f |%n"
        .formatted(
            measured.operation().title(),
            level.pool(),
            level.files(),
            number(rate.median()),
            number(rate.least()),
            number(rate.most()),
            number(measured.median(Run::p50Micros)),
            number(measured.median(Run::p99Micros)),
            slower,
            isRead(measured.operation()) ? FLAT.judge(slower) : "–",
            number(measured.median(Run::databaseEach)),
            measured.median(Run::pagesReadEach),
            measured.median(Run::pagesWrittenEach));
  }

  private static String statements(Level level, Measured measured) {
    var run = measured.runs().getFirst();
    return "| %s | %,d | %s |%n"
        .formatted(
            measured.operation().title(),
            level.files(),
            run.statements().entrySet().stream()
                .map(
                    each ->
                        "%s %.1f"
                            .formatted(
                                each.getKey(),
                                1000.0 * each.getValue() / run.outcome().operations()))
                .collect(Collectors.joining(", ")));
  }

  /** Three figures that mean something, at least. */
  static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
  }

  String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", machine);
    all.put("levels", levels.stream().map(this::json).toList());
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> json(Level level) {
    var one = new LinkedHashMap<String, Object>();
    one.put("files", level.files());
    one.put("memory", level.pool());
    one.put("bytesOfAFile", level.bytesOfAFile());
    one.put(
        "parts", level.parts().stream().collect(Collectors.toMap(Part::name, level::bytesOfAFile)));
    one.put("bytesOnDisk", level.onDisk());
    one.put("measured", level.measured().stream().map(measured -> json(level, measured)).toList());
    return one;
  }

  private Map<String, Object> json(Level level, Measured measured) {
    var one = new LinkedHashMap<String, Object>();
    one.put("operation", measured.operation().name().toLowerCase(Locale.ROOT));
    one.put("p99Times", slower(level, measured.operation()));
    one.put("runs", measured.runs().stream().map(Run::json).toList());
    return one;
  }
}
