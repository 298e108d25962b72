package io.hayloft.tracker.work.replicate;

import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.Depth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Counts the replication queue now and then, for those who watch it: counting reads all of it. */
public final class QueueGauges implements Worker {

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(30);

  private final ReplicationStore store;
  private volatile Depth depth = new Depth(0, 0, 0, 0, 0, 0);

  public QueueGauges(ReplicationStore store, MeterRegistry registry) {
    this.store = store;
    rows(registry, "fresh", Depth::fresh);
    rows(registry, "one_copy", Depth::endangered);
    rows(registry, "due", Depth::due);
    rows(registry, "later", Depth::later);
    rows(registry, "stuck", Depth::stuck);
    Gauge.builder("hayloft.replicate.overdue", this, gauges -> gauges.depth.overdueSeconds())
        .description("For how long the file has been due that has been so the longest")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }

  private void rows(MeterRegistry registry, String kind, ToDoubleFunction<Depth> count) {
    Gauge.builder("hayloft.replicate.queue", this, gauges -> count.applyAsDouble(gauges.depth))
        .description("Files in the replication queue of the database, by why they are in it")
        .tag("kind", kind)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public Pace step() {
    depth = store.depth();
    return Pace.rest(BETWEEN_COUNTS);
  }
}
