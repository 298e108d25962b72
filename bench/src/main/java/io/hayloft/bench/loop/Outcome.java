package io.hayloft.bench.loop;

import io.hayloft.bench.measure.Latencies;

/**
 * What a run came to.
 *
 * @param latencies one for each operation
 * @param nanos from the first request to the last answer
 */
public record Outcome(Latencies latencies, long nanos) {

  public long operations() {
    return latencies.count();
  }

  public double perSecond() {
    return nanos == 0 ? 0 : operations() * 1e9 / nanos;
  }
}
