package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.policy.AutoDead;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.DeviceRecordStore;
import io.hayloft.tracker.store.DeviceRecordStore.Records;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.work.monitor.AutoDeadPlan.Situation;
import io.hayloft.tracker.work.monitor.AutoDeadPlan.Steps;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries {@link AutoDeadPlan} out, and raises the alarm while {@link SafeMode} is on. Every
 * tracker takes back what it sees to be wrong; of all trackers one notes what is out of reach and
 * marks devices dead.
 */
public final class AutoDeadWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(AutoDeadWorker.class);

  private static final String LEASE = "auto-dead";
  private static final Duration LENGTH = Duration.ofSeconds(30);
  private static final Duration LOOKING = Duration.ofSeconds(5);
  private static final Duration BETWEEN_ALARMS = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final DeviceRecordStore records;
  private final LeaseStore leases;
  private final String owner;
  private final Time time;
  private final Map<DeviceId, Long> outSince = new HashMap<>();
  private volatile SafeMode seen = new SafeMode(false, false, Set.of(), 0);
  private boolean alarmed;
  private long lastAlarm;

  /**
   * @param owner names this tracker among those on the same database
   */
  public AutoDeadWorker(
      Cluster cluster,
      DeviceRecordStore records,
      LeaseStore leases,
      String owner,
      Time time,
      MeterRegistry meters) {
    this.cluster = cluster;
    this.records = records;
    this.leases = leases;
    this.owner = owner;
    this.time = time;
    Gauge.builder("hayloft.tracker.safe.mode", this, it -> it.seen.holds() ? 1 : 0)
        .description("1 while so much is out of reach that nothing is given up")
        .register(meters);
    Gauge.builder("hayloft.tracker.devices.out", this, it -> it.seen.out().size())
        .description("Devices that should be in reach and are not, or show another disk")
        .register(meters);
  }

  @Override
  public Pace step() {
    if (!cluster.isReady()) {
      return Pace.rest(LOOKING);
    }
    var view = cluster.view();
    var safeMode = SafeMode.of(view, time.epochSecond());
    seen = safeMode;
    raise(safeMode);
    var sight = ownSight(view);
    var read = records.load();
    var steps =
        AutoDeadPlan.decide(
            new Situation(view, safeMode, read, sight, AutoDead.after(view.settings())));
    carryOut(steps, read, safeMode);
    return Pace.rest(LOOKING);
  }

  /** For how long this tracker has seen which devices to be out, without a break. */
  private Map<DeviceId, Duration> ownSight(ClusterView view) {
    var out =
        view.devices().stream()
            .filter(device -> AutoDeadPlan.isOut(view, device))
            .map(device -> device.id())
            .collect(Collectors.toSet());
    outSince.keySet().retainAll(out);
    out.forEach(id -> outSince.putIfAbsent(id, time.nanoTime()));
    return outSince.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> time.since(each.getValue())));
  }

  private void carryOut(Steps steps, Records read, SafeMode safeMode) {
    records.reached(steps.back());
    records.stopCounting(steps.stop());
    if (!steps.needJudge() || !leases.acquire(LEASE, owner, LENGTH)) {
      return;
    }
    records.unreachable(steps.out(), !safeMode.holds());
    records.count(steps.count());
    boolean any = false;
    for (var device : steps.dead()) {
      var record = read.of(device);
      if (records.markDead(device, record.countedFrom().orElseThrow())) {
        any = true;
        log.error(
            "dev{} is marked dead: nobody reached it for {} s ({}); its copies are made again",
            device,
            read.now() - record.unreachableSince().orElse(read.now()),
            AutoDead.SETTING);
      }
    }
    if (any) {
      cluster.reread();
    }
  }

  private void raise(SafeMode safeMode) {
    if (!safeMode.on()) {
      if (alarmed) {
        alarmed = false;
        log.warn("enough devices are in reach again: safe mode is over");
      }
      return;
    }
    if (!alarmed || time.since(lastAlarm).compareTo(BETWEEN_ALARMS) >= 0) {
      alarmed = true;
      lastAlarm = time.nanoTime();
      log.error(
          "{} of {} devices are out of reach at once: safe mode, nothing is marked dead or given"
              + " up{} (hayloft risk)",
          safeMode.out().size(),
          safeMode.considered(),
          safeMode.overridden() ? " but for an operator's word" : "");
    }
  }
}
