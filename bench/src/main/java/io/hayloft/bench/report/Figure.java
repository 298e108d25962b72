package io.hayloft.bench.report;

import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.measure.Spread;
import java.util.List;

/** What came out for one yardstick, a sample for each run. */
public record Figure(Yardstick yardstick, List<Sample> samples) {

  public Figure {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("no samples of " + yardstick);
    }
  }

  public Spread values() {
    return Spread.of(samples.stream().map(Sample::value).toList());
  }

  /** Median microseconds for each file; not a number where no files were counted. */
  public double trackerPerFile() {
    return median(samples.stream().map(each -> each.perFile(each.used().tracker())).toList());
  }

  public double databasePerFile() {
    return median(samples.stream().map(each -> each.perFile(each.used().database())).toList());
  }

  public double nodesPerFile() {
    return median(samples.stream().map(each -> each.perFile(each.used().nodes())).toList());
  }

  public double statementsPerFile() {
    return median(samples.stream().map(each -> each.perFile(each.used().statements())).toList());
  }

  public double trackerMib() {
    return samples.stream().mapToLong(Sample::trackerKib).max().orElse(0) / 1024.0;
  }

  public double load() {
    return median(samples.stream().map(Sample::load).toList());
  }

  private static double median(List<Double> values) {
    return Spread.of(values).median();
  }
}
