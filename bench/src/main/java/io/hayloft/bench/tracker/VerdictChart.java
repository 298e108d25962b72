package io.hayloft.bench.tracker;

import io.hayloft.bench.report.Panels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A picture of the rates and costs of all operations beside the original's and the goals. */
record VerdictChart(List<Verdict> verdicts) {

  VerdictChart {
    verdicts = List.copyOf(verdicts);
    if (verdicts.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw");
    }
  }

  /** Writes it as PNG. */
  void write(Path file) throws IOException {
    var names = verdicts.stream().map(each -> each.operation().option()).toList();
    new Panels()
        .add(
            "Operations a second, times the original's best (more is better)",
            names,
            List.of(new Panels.Bars("Hayloft", values(Verdict::times))),
            values(
                each ->
                    each.operation().rateGoal().bound() / each.operation().original().perSecond()))
        .add(
            "Processor time of tracker and database, percent of the original's (less is better)",
            names,
            List.of(new Panels.Bars("Hayloft", values(each -> 100 * each.costShare()))),
            values(
                each ->
                    100
                        * each.operation().cpuGoal().bound()
                        / each.operation().original().cpuMicros()))
        .write(file);
  }

  private List<Optional<Double>> values(ToDoubleFunction<Verdict> value) {
    return verdicts.stream().map(each -> Optional.of(value.applyAsDouble(each))).toList();
  }
}
