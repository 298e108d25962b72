package io.hayloft.tracker.work.fsck;

import io.hayloft.tracker.store.FsckRunStore.Run;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What alarms are made of: when all files were checked last, and what came of it. */
public final class FsckMeters {

  /** How many of the newest runs to show. */
  static final int RUNS = 20;

  private volatile Optional<Run> last = Optional.empty();
  private volatile Optional<Run> present = Optional.empty();

  public FsckMeters(MeterRegistry registry) {
    gauge(
        registry,
        "hayloft.fsck.last.finished",
        "When the last check of all files ended, in unix time; 0 when there was none",
        run -> run.times().ended());
    gauge(
        registry,
        "hayloft.fsck.last.lost",
        "Files without any good copy, as the last check of all files found",
        run -> run.tally().lost());
    gauge(
        registry,
        "hayloft.fsck.last.stalled",
        "Files that the last check of all files could not look at",
        run -> run.tally().stalled());
    gauge(
        registry,
        "hayloft.fsck.last.orphans",
        "Files on devices, by the last check of all files, that were in no table",
        run -> run.tally().orphans().found());
    gauge(
        registry,
        "hayloft.fsck.last.events",
        "What the last check of all files found to be wrong",
        FsckMeters::events);
    Gauge.builder("hayloft.fsck.running", this, meters -> meters.present.isPresent() ? 1 : 0)
        .description("Whether a check is under way, on any tracker")
        .register(registry);
    Gauge.builder(
            "hayloft.fsck.speed",
            this,
            meters ->
                meters.present.map(run -> run.progress().speed().filesPerSecond()).orElse(0.0))
        .description("Files a second of the check that is under way")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Run> value) {
    Gauge.builder(name, this, meters -> meters.last.map(value::applyAsDouble).orElse(0.0))
        .description(description)
        .register(registry);
  }

  private static double events(Run run) {
    return run.tally().events().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Takes the newest runs, newest first. */
  void show(List<Run> runs) {
    present = runs.stream().filter(run -> run.outcome().isEmpty()).findFirst();
    var whole = runs.stream().filter(Run::isWhole).findFirst();
    if (whole.isPresent()) {
      last = whole;
    }
  }
}
