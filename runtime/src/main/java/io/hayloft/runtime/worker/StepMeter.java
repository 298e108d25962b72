package io.hayloft.runtime.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts and times the steps of one job. */
final class StepMeter {

  private final Timer steps;
  private final Counter failures;

  StepMeter(MeterRegistry registry, String job) {
    steps =
        Timer.builder("hayloft.worker.step")
            .description("Steps of background work, failed ones included, with their time")
            .tag("job", job)
            .register(registry);
    failures =
        Counter.builder("hayloft.worker.step.failures")
            .description("Steps of background work that threw something")
            .tag("job", job)
            .register(registry);
  }

  void step(Duration took) {
    steps.record(took);
  }

  void failure() {
    failures.increment();
  }
}
