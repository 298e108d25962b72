package io.hayloft.bench.growth;

import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.report.Panels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A picture of reads and uploads beside the number of files. */
record GrowthChart(GrowthReport report) {

  /** Writes it as PNG. */
  void write(Path file) throws IOException {
    var names = report.levels().stream().map(each -> "%,d".formatted(each.files())).toList();
    new Panels()
        .add(
            "Slowest hundredth of reads, times that at the fewest files (less is better)",
            names,
            bars(true, report::slower),
            names.stream().map(_ -> Optional.of(GrowthReport.FLAT.bound())).toList())
        .add(
            "Files stored a second, thousands (more is better)",
            names,
            bars(false, measured -> measured.median(Run::perSecond) / 1000),
            names.stream().map(_ -> Optional.<Double>empty()).toList())
        .write(file);
  }

  private List<Panels.Bars> bars(boolean reads, ToDoubleFunction<Measured> value) {
    return Arrays.stream(Operation.values())
        .filter(operation -> GrowthReport.isRead(operation) == reads)
        .map(
            operation ->
                new Panels.Bars(
                    operation.title(),
                    report.levels().stream()
                        .map(level -> Optional.of(value.applyAsDouble(level.of(operation))))
                        .toList()))
        .toList();
  }
}
