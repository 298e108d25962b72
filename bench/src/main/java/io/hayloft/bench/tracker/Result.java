package io.hayloft.bench.tracker;

import io.hayloft.bench.measure.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All runs of an operation over one number of connections. */
record Result(Operation operation, int connections, String site, List<Measurement> runs) {

  Result {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs");
    }
  }

  Spread spread(ToDoubleFunction<Measurement> value) {
    return Spread.of(runs.stream().map(value::applyAsDouble).toList());
  }

  double median(ToDoubleFunction<Measurement> value) {
    return spread(value).median();
  }

  double perSecond() {
    return median(Measurement::perSecond);
  }
}
