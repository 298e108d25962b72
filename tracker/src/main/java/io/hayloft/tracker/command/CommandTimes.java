package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** How often a command was answered, how, and what its time went into. Keeps its meters. */
final class CommandTimes {

  private final String command;
  private final MeterRegistry meters;
  private final Map<String, Timer> byOutcome = new ConcurrentHashMap<>();
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder database = new LongAdder();
  private final LongAdder nodes = new LongAdder();
  private final LongAdder copies = new LongAdder();

  /** Whether the phases have their meters: one for a command, whatever its outcomes. */
  private final AtomicBoolean isMeasured = new AtomicBoolean();

  CommandTimes(String command, MeterRegistry meters) {
    this.command = command;
    this.meters = meters;
  }

  /** An answer that was had without waiting. */
  void record(Reply reply, long took) {
    timer(outcome(reply)).record(took, TimeUnit.NANOSECONDS);
    count.increment();
    nanos.add(took);
  }

  void record(Reply reply, long took, Phases phases) {
    record(reply, took);
    database.add(phases.nanos(Phase.DATABASE));
    nodes.add(phases.nanos(Phase.NODES));
    copies.add(phases.nanos(Phase.COPIES));
  }

  static String outcome(Reply reply) {
    return switch (reply) {
      case Reply.Ok ok -> "ok";
      case Reply.Written written -> "ok";
      case Reply.Err err -> err.code();
    };
  }

  private Timer timer(String outcome) {
    var known = byOutcome.get(outcome);
    return known == null ? byOutcome.computeIfAbsent(outcome, this::newTimer) : known;
  }

  /** A command that is never asked for has no meters. */
  private Timer newTimer(String outcome) {
    if (isMeasured.compareAndSet(false, true)) {
      phase("database", times -> times.database.sum());
      phase("nodes", times -> times.nodes.sum());
      phase("copies", times -> times.copies.sum());
      phase("cpu", CommandTimes::ownNanos);
    }
    return meters.timer("hayloft.tracker.request", "command", command, "outcome", outcome);
  }

  private double ownNanos() {
    return Math.max(0, nanos.sum() - database.sum() - nodes.sum() - copies.sum());
  }

  private void phase(String phase, ToDoubleFunction<CommandTimes> nanos) {
    FunctionTimer.builder(
            Measuring.PHASES, this, times -> times.count.sum(), nanos, TimeUnit.NANOSECONDS)
        .description("What the time of requests went into: waiting for somebody, or their own work")
        .tags("command", command, "phase", phase)
        .register(meters);
  }
}
