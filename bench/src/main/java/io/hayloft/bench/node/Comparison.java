package io.hayloft.bench.node;

import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Yardstick.Better;
import io.hayloft.bench.server.Contender;
import java.util.List;
import java.util.Map;

/**
 * All that was measured of one contest over so many connections.
 *
 * @param rounds in each of which every contender was measured once, one soon after the other
 */
record Comparison(Contest contest, int connections, List<Map<Contender, Measurement>> rounds) {

  Comparison {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /** Requests a second. */
  Versus rate() {
    return Versus.best(rounds, Better.HIGHER, Measurement::perSecond);
  }

  /** Processor time for each request, in microseconds; the rival may be another than for rates. */
  Versus cpu() {
    return Versus.best(rounds, Better.LOWER, Measurement::cpuMicros);
  }

  /** What all but one request in a hundred took, in milliseconds. */
  Versus p99() {
    return Versus.best(rounds, Better.LOWER, Measurement::p99Millis);
  }

  double load() {
    return Spread.of(
            rounds.stream()
                .flatMap(round -> round.values().stream())
                .map(Measurement::load)
                .toList())
        .median();
  }
}
