package io.hayloft.tracker.work.fsck;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.CronSchedule;
import io.hayloft.tracker.model.CronSchedule.Parsed;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Due;
import io.hayloft.tracker.store.FsckStore.Start;
import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts checks of all files at the times that settings say. A time at which none could be started,
 * because no tracker ran or another run was under way, is made up for once. Also closes runs whose
 * last files have been looked at.
 */
public final class FsckSchedule implements Worker {

  private static final Logger log = LoggerFactory.getLogger(FsckSchedule.class);

  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration LEASE = Duration.ofSeconds(25);
  private static final String NAME = "fsck schedule";
  private static final String OFF = "off";

  /** What there is a schedule for; the more thorough one first, because it does for both. */
  private enum Kind {
    FULL("fsck_schedule_full", "0 4 * * 0", Depth.FULL),
    QUICK("fsck_schedule", "0 3 * * *", Depth.QUICK);

    private final String setting;
    private final String usual;
    private final Depth depth;

    Kind(String setting, String usual, Depth depth) {
      this.setting = setting;
      this.usual = usual;
      this.depth = depth;
    }

    String text(ServerSettings settings) {
      return settings
          .get(setting)
          .filter(text -> !text.isBlank())
          .orElse(settings.isNewInstallation() ? usual : OFF);
    }
  }

  /** This tracker. */
  public record Identity(String owner, String hostname) {}

  private final Cluster cluster;
  private final FsckRunStore runs;
  private final LeaseStore leases;
  private final Identity identity;
  private final Time time;
  private final FsckMeters meters;
  private final RepeatedCauses causes;

  public FsckSchedule(
      Cluster cluster,
      FsckRunStore runs,
      LeaseStore leases,
      Identity identity,
      Time time,
      FsckMeters meters) {
    this.cluster = cluster;
    this.runs = runs;
    this.leases = leases;
    this.identity = identity;
    this.time = time;
    this.meters = meters;
    this.causes = new RepeatedCauses(log, time);
  }

  @Override
  public Pace step() {
    causes.flushDue();
    runs.settle();
    meters.show(runs.runs(FsckMeters.RUNS));
    if (leases.acquire(NAME, identity.owner(), LEASE)) {
      var settings = cluster.view().settings();
      for (var kind : Kind.values()) {
        var due = due(kind, settings);
        if (due.isPresent() && start(kind, due.get())) {
          skipOthers(settings);
          break;
        }
      }
    }
    return Pace.rest(ROUND);
  }

  /** The last time of a schedule, if nobody has seen to it yet. */
  private Optional<Due> due(Kind kind, ServerSettings settings) {
    var text = kind.text(settings);
    if (text.equals(OFF)) {
      // Noted, so that nothing is made up for when it is switched on again.
      var _ = runs.seenTo(new Due(kind.setting, OFF, time.epochSecond()));
      return Optional.empty();
    }
    return switch (CronSchedule.parse(text)) {
      case Parsed.Wrong(var reason) -> {
        causes.warn("the setting " + kind.setting + " cannot be read", reason);
        yield Optional.empty();
      }
      case Parsed.Known(var schedule) ->
          schedule
              .last(time.now())
              .map(last -> new Due(kind.setting, text, last.getEpochSecond()))
              .filter(due -> runs.seenTo(due) < due.at());
    };
  }

  private boolean start(Kind kind, Due due) {
    var terms = new FsckTerms(kind.depth, FsckTerms.Scope.ALL, FsckTerms.USUAL.bytesPerSecond());
    var start = runs.startDue(identity.hostname(), terms, due);
    if (start != Start.STARTED) {
      log.debug("{} is due, but {}", kind.setting, start);
      return false;
    }
    log.info("fsck: started as {} says ({})", kind.setting, due.text());
    return true;
  }

  /** One run does for all that was due when it started. */
  private void skipOthers(ServerSettings settings) {
    for (var kind : Kind.values()) {
      due(kind, settings).ifPresent(runs::skip);
    }
  }
}
