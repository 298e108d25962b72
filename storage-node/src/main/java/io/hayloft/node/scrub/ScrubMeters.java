package io.hayloft.node.scrub;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what scrubs have done. */
record ScrubMeters(Counter files, Counter bytes, Counter bad) {

  static ScrubMeters of(MeterRegistry registry, Findings findings) {
    Gauge.builder("hayloft.node.findings", findings, Findings::count)
        .description("Damaged files that no tracker has dealt with yet")
        .register(registry);
    return new ScrubMeters(
        Counter.builder("hayloft.node.scrub.files")
            .description("Files that scrubs have read")
            .register(registry),
        Counter.builder("hayloft.node.scrub.read")
            .baseUnit("bytes")
            .description("What scrubs have read")
            .register(registry),
        Counter.builder("hayloft.node.scrub.bad")
            .description("Files that scrubs have found to be damaged")
            .register(registry));
  }
}
