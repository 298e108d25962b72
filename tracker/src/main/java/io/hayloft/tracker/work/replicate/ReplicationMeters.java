package io.hayloft.tracker.work.replicate;

import io.hayloft.tracker.work.replicate.ReplicatePlan.Cause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts what replication does. */
final class ReplicationMeters {

  private final MeterRegistry registry;
  private final Counter copies;
  private final Counter bytes;

  ReplicationMeters(MeterRegistry registry) {
    this.registry = registry;
    this.copies =
        Counter.builder("hayloft.replicate.copies")
            .description("Copies made and recorded")
            .register(registry);
    this.bytes =
        Counter.builder("hayloft.replicate.bytes")
            .description("Bytes of the copies made and recorded")
            .baseUnit("bytes")
            .register(registry);
  }

  void made(long length) {
    copies.increment();
    bytes.increment((double) length);
  }

  void failed(Cause cause) {
    failed(cause.name().toLowerCase(Locale.ROOT));
  }

  void sourceFailed() {
    failed("source_failed");
  }

  void destinationFailed() {
    failed("destination_failed");
  }

  private void failed(String cause) {
    Counter.builder("hayloft.replicate.failures")
        .description("Attempts at a copy that failed, by cause")
        .tag("cause", cause)
        .register(registry)
        .increment();
  }
}
