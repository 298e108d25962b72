package io.hayloft.tracker.work.reap;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.ReplicationStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what was on dead devices: its files are first queued for replication, then the locations
 * go. Of all trackers one does this at a time.
 *
 * <h2>When it begins, and when it is over</h2>
 *
 * <p>A device must have been dead for {@link #SETTLED}, or what the setting {@code reaper_delay}
 * says, in the view of this tracker: a moment for an operator who marked the wrong one. It need not
 * be long enough for all trackers to have heard of it. One that has not may still send a client or
 * a copy there for the four seconds until it reads the database, and what lands there so is found,
 * because an emptied device is looked at again, soon at first and then at growing intervals: a
 * client that was sent there before may close its upload within the hour. Each portion is preceded
 * by a look into the database: a device that is not dead any more keeps what it still has.
 *
 * <h2>How fast</h2>
 *
 * <p>Without a rate set by an operator the database is used half of the time: after each portion
 * the worker rests as long as the portion took. The queue orders what it is given by how many live
 * copies are left ({@link ReplicationStore#forget}), so haste keeps nobody waiting.
 */
public final class ReaperWorker implements Worker {

  static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(ReaperWorker.class);
  private static final String NAME = "reaper";
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration LOOKING = Duration.ofMillis(500);
  private static final String DELAY = "reaper_delay";
  private static final String RATE = "queue_rate_for_reaper";

  /** Between portions of the size that an operator has set. */
  private static final Duration BETWEEN_PORTIONS = Duration.ofSeconds(1);

  private static final int PORTION = 1000;
  private static final long MOST = 10_000;

  /** Longer than until every tracker has read the database again. */
  static final Duration FIRST_AGAIN = Duration.ofSeconds(6);

  private static final Duration LAST_AGAIN = Duration.ofHours(2);

  private final Cluster cluster;
  private final ReplicationStore store;
  private final LeaseStore leases;
  private final String owner;
  private final Time time;
  private final Runnable queued;
  private final Map<DeviceId, Watch> watched = new HashMap<>();

  /**
   * A dead device.
   *
   * @param interval how long it was left alone, once it was empty
   * @param nextNanos when to look at it, by the clock that never goes back
   * @param forgotten how many files were on it since it was found to be empty last
   */
  private record Watch(Duration interval, long nextNanos, long forgotten) {

    Watch forgot(int files) {
      return new Watch(interval, nextNanos, forgotten + files);
    }
  }

  /**
   * @param owner names this tracker among those on the same database
   * @param queued told that there is work for replication
   */
  public ReaperWorker(
      Cluster cluster,
      ReplicationStore store,
      LeaseStore leases,
      String owner,
      Time time,
      Runnable queued) {
    this.cluster = cluster;
    this.store = store;
    this.leases = leases;
    this.owner = owner;
    this.time = time;
    this.queued = queued;
  }

  @Override
  public Pace step() {
    var dead = dead(cluster.view());
    watched.keySet().retainAll(dead);
    var settled = Duration.ofSeconds(cluster.view().settings().number(DELAY, SETTLED.toSeconds()));
    dead.forEach(
        id ->
            watched.computeIfAbsent(
                id, _ -> new Watch(Duration.ZERO, time.nanoTime() + settled.toNanos(), 0)));
    var due = due();
    // With much of the cluster out of sight copies could not be made, and may well come back.
    if (SafeMode.of(cluster.view(), time.epochSecond()).holds()) {
      return Pace.rest(LOOKING);
    }
    if (due.isEmpty() || !leases.acquire(NAME, owner, LEASE)) {
      return Pace.rest(LOOKING);
    }
    return reap(due.get());
  }

  private Optional<DeviceId> due() {
    long now = time.nanoTime();
    return watched.entrySet().stream()
        .filter(each -> each.getValue().nextNanos() - now <= 0)
        .map(Map.Entry::getKey)
        .min(Comparator.naturalOrder());
  }

  private Pace reap(DeviceId device) {
    var now = cluster.reread();
    if (!dead(now).contains(device)) {
      watched.remove(device);
      return Pace.again();
    }
    var settings = now.settings();
    long most = settings.number("queue_size_for_reaper", 0);
    if (most > 0 && store.deferred() >= most) {
      return Pace.rest(LOOKING);
    }
    long rate = settings.number(RATE, 0);
    int portion = rate > 0 ? (int) Math.min(rate, MOST) : PORTION;
    long started = time.nanoTime();
    var fids = store.filesOn(device, portion);
    if (fids.isEmpty()) {
      lookAgainLater(device);
      return Pace.again();
    }
    store.forget(device, fids);
    queued.run();
    watched.computeIfPresent(device, (_, watch) -> begun(device, watch).forgot(fids.size()));
    return Pace.rest(rate > 0 ? BETWEEN_PORTIONS : time.since(started));
  }

  private static Watch begun(DeviceId device, Watch watch) {
    if (watch.forgotten() == 0) {
      log.info("dev{} is dead: its files are being queued for replication", device);
    }
    return watch;
  }

  private void lookAgainLater(DeviceId device) {
    watched.computeIfPresent(
        device,
        (_, watch) -> {
          if (watch.forgotten() > 0) {
            log.info("dev{}: {} files were queued for replication", device, watch.forgotten());
          }
          var interval = watch.interval().isZero() ? FIRST_AGAIN : watch.interval().multipliedBy(2);
          var bounded = interval.compareTo(LAST_AGAIN) > 0 ? LAST_AGAIN : interval;
          return new Watch(bounded, time.nanoTime() + bounded.toNanos(), 0);
        });
  }

  private static Set<DeviceId> dead(ClusterView view) {
    return view.devices().stream()
        .filter(device -> device.status() == DeviceStatus.DEAD)
        .map(Device::id)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
