package io.hayloft.bench.tracker;

import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;

/**
 * What one run came to.
 *
 * @param used by who was asked
 * @param generatorMicros processor time of this process, which asked
 * @param load of the machine when it ended, over a minute
 */
record Measurement(Outcome outcome, Consumption used, long generatorMicros, double load) {

  Measurement {
    if (outcome.operations() == 0) {
      throw new IllegalArgumentException("nothing was answered");
    }
  }

  double perSecond() {
    return outcome.perSecond();
  }

  double p50Micros() {
    return outcome.latencies().percentileMicros(50);
  }

  double p99Micros() {
    return outcome.latencies().percentileMicros(99);
  }

  double trackerMicros() {
    return each(used.tracker());
  }

  double databaseMicros() {
    return each(used.database());
  }

  /** Of tracker and database, which the goals are about. */
  double centralMicros() {
    return each(used.central());
  }

  double nodesMicros() {
    return each(used.nodes());
  }

  double askingMicros() {
    return each(generatorMicros);
  }

  double statements() {
    return each(used.statements());
  }

  private double each(long amount) {
    return (double) amount / outcome.operations();
  }
}
