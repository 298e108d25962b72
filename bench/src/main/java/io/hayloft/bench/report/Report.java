package io.hayloft.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hayloft.bench.measure.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** All figures of one call: for people as a table in Markdown, for machines as JSON. */
public final class Report {

  private final Map<String, Object> machine;
  private final List<Figure> figures = new ArrayList<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  /**
   * @param machine what the figures were measured on and how
   */
  public Report(Map<String, Object> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  public void add(Figure figure) {
    figures.add(figure);
  }

  /** A job that was not measured, and why. */
  public void skip(String job, String why) {
    skipped.put(job, why);
  }

  public String markdown() {
    var text = new StringBuilder();
    text.append("| job | files | median [range] | original | × | goal | met")
        .append(
            " | CPU µs/file: tracker | database | nodes | statements/file | tracker MiB | load |\n")
        .append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    figures.forEach(figure -> text.append(row(figure)));
    skipped.forEach(
        (job, why) -> text.append("\nNot measured: ").append(job).append(": ").append(why));
    return text.toString();
  }

  static String row(Figure figure) {
    var yardstick = figure.yardstick();
    var values = figure.values();
    long operations = figure.samples().getFirst().operations();
    return "| %s | %s | %s %s [%s–%s] | %s | %s | %s | %s | %s | %s | %s | %s | %s | %.1f |%n"
        .formatted(
            yardstick.job(),
            operations == 0 ? "–" : "%,d".formatted(operations),
            number(values.median()),
            yardstick.unit(),
            number(values.least()),
            number(values.most()),
            number(yardstick.original()),
            number(yardstick.timesOriginal(values.median())),
            number(yardstick.goal()),
            yardstick.goal().isEmpty()
                ? "–"
                : yardstick.meetsGoal(values.median()) ? "yes" : "**no**",
            number(figure.trackerPerFile()),
            number(figure.databasePerFile()),
            number(figure.nodesPerFile()),
            number(figure.statementsPerFile()),
            number(figure.trackerMib()),
            figure.load());
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "–" : number(value.getAsDouble());
  }

  /** Three figures that mean something, at most. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }

  public String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", machine);
    all.put("figures", figures.stream().map(Report::json).toList());
    all.put("skipped", skipped);
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> json(Figure figure) {
    var one = new LinkedHashMap<String, Object>();
    one.put("yardstick", figure.yardstick().name().toLowerCase(Locale.ROOT));
    one.put("job", figure.yardstick().job());
    one.put("unit", figure.yardstick().unit());
    one.put("median", figure.values().median());
    figure.yardstick().original().ifPresent(value -> one.put("original", value));
    figure.yardstick().goal().ifPresent(value -> one.put("goal", value));
    one.put("met", figure.yardstick().meetsGoal(figure.values().median()));
    one.put("runs", figure.samples().stream().map(Report::json).toList());
    return one;
  }

  private static Map<String, Object> json(Sample sample) {
    var one = new LinkedHashMap<String, Object>();
    one.put("value", sample.value());
    one.put("files", sample.operations());
    one.put("trackerCpuMicros", sample.used().tracker());
    one.put("databaseCpuMicros", sample.used().database());
    one.put("nodesCpuMicros", sample.used().nodes());
    one.put("statements", sample.used().statements());
    one.put("trackerKib", sample.trackerKib());
    one.put("load", sample.load());
    return one;
  }
}
