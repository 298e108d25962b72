package io.hayloft.bench.growth;

import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.report.Panels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** A picture of reads and uploads beside the number of files. */
record GrowthChart(GrowthReport report) {

  /** Writes it as PNG: two panels for each size of the database's memory. */
  void write(Path file) throws IOException {
    var panels = new Panels();
    for (var pool : report.pools()) {
      var levels = report.of(pool);
      var names = levels.stream().map(each -> "%,d".formatted(each.files())).toList();
      panels
          .add(
              "Slowest hundredth of reads, times that at the fewest files, memory " + pool,
              names,
              bars(levels, true, report::slower),
              names.stream().map(_ -> Optional.of(GrowthReport.FLAT.bound())).toList())
          .add(
              "Files stored a second, thousands, memory " + pool,
              names,
              bars(
                  levels,
                  false,
                  (level, operation) -> level.of(operation).median(Run::perSecond) / 1000),
              names.stream().map(_ -> Optional.<Double>empty()).toList());
    }
    panels.write(file);
  }

  private static List<Panels.Bars> bars(
      List<Level> levels, boolean reads, ToDoubleBiFunction<Level, Operation> value) {
    return Arrays.stream(Operation.values())
        .filter(operation -> GrowthReport.isRead(operation) == reads)
        .map(
            operation ->
                new Panels.Bars(
                    operation.title(),
                    levels.stream()
                        .map(level -> Optional.of(value.applyAsDouble(level, operation)))
                        .toList()))
        .toList();
  }
}
