package io.hayloft.cli.demo;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the demonstration did, step by step, and how fast. */
final class Report {

  /**
   * @param files 0 where a step is not about files
   * @param result what came of it, in a few words
   */
  record Step(String name, Duration took, long files, long bytes, String result) {}

  private static final Table<Step> TABLE =
      new Table<Step>()
          .words("step", "step", Step::name)
          .numbers("time", "seconds", step -> seconds(step), step -> Amounts.time(step.took()))
          .numbers(
              "files",
              "files",
              Step::files,
              step -> orBlank(step.files(), Amounts.count(step.files())))
          .numbers(
              "files/s",
              "files_per_second",
              Report::filesPerSecond,
              step -> orBlank(step.files(), rate(step)))
          .numbers(
              "bytes",
              "bytes",
              Step::bytes,
              step -> orBlank(step.bytes(), Amounts.bytes((double) step.bytes())))
          .numbers(
              "bytes/s",
              "bytes_per_second",
              step -> Math.round(Amounts.rate((double) step.bytes(), step.took())),
              step ->
                  orBlank(
                      step.bytes(),
                      Amounts.bytes(Amounts.rate((double) step.bytes(), step.took())) + "/s"))
          .words("result", "result", Step::result);

  private final List<Step> steps = new ArrayList<>();

  void add(Step step) {
    steps.add(step);
  }

  List<String> lines() {
    return TABLE.lines(steps);
  }

  Map<String, @Nullable Object> json(boolean ok) {
    return Json.object("ok", ok, "steps", TABLE.json(steps));
  }

  private static double seconds(Step step) {
    return step.took().toMillis() / 1000.0;
  }

  private static long filesPerSecond(Step step) {
    return Math.round(Amounts.rate((double) step.files(), step.took()));
  }

  private static String rate(Step step) {
    return String.format(Locale.ROOT, "%,d", filesPerSecond(step));
  }

  private static String orBlank(long amount, String text) {
    return amount == 0 ? "" : text;
  }
}
