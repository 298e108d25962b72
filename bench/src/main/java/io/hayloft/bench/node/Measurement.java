package io.hayloft.bench.node;

import io.hayloft.bench.load.LoadResult;

/**
 * What one server did in one measurement.
 *
 * @param perSecond requests
 * @param cpuMicros of the server's process, for each request
 * @param load of the machine at the end, over a minute
 */
record Measurement(double perSecond, double cpuMicros, double p99Millis, double load) {

  /**
   * @param cpuMicros of the server's process, for all requests
   */
  static Measurement of(LoadResult result, long cpuMicros, double load) {
    return new Measurement(
        result.perSecond(),
        (double) cpuMicros / result.requests(),
        result.p99Micros() / 1000.0,
        load);
  }
}
