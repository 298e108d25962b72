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
 * <p>A device must have been dead for {@link #SETTLED} in the view of this tracker. Trackers read
 * the database every 4 s, so by then all of them know, and none offers the device to a client or
 * copies to it any more; and an operator who marked the wrong device has a moment to take it back.
 * (The original waits 16 s, for the same reasons with slower caches.) A client that had been sent
 * there before may still close its upload within the hour, so an emptied device is looked at again
 * and again, at growing intervals. Each portion is preceded by a look into the database: a device
 * that is not dead any more keeps what it still has.
 */
public final class ReaperWorker implements Worker {

  static final Duration SETTLED = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ReaperWorker.class);
  private static final String NAME = "reaper";
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration LOOKING = Duration.ofSeconds(2);

  /** A thousand rows a second: the queue is served in the order of its times, uploads first. */
  private static final Duration BETWEEN_PORTIONS = Duration.ofSeconds(1);

  private static final long PORTION = 1000;
  private static final long MOST = 10_000;
  private static final Duration FIRST_AGAIN = Duration.ofMinutes(1);
  private static final Duration LAST_AGAIN = Duration.ofHours(2);

  private final Cluster cluster;
  private final ReplicationStore store;
  private final LeaseStore leases;
  private final String owner;
  private final Time time;
  private final Map<DeviceId, Watch> watched = new HashMap<>();

  /**
   * A dead device.
   *
   * @param interval how long it was left alone, once it was empty
   * @param nextNanos when to look at it, by the clock that never goes back
   */
  private record Watch(Duration interval, long nextNanos) {}

  /**
   * @param owner names this tracker among those on the same database
   */
  public ReaperWorker(
      Cluster cluster, ReplicationStore store, LeaseStore leases, String owner, Time time) {
    this.cluster = cluster;
    this.store = store;
    this.leases = leases;
    this.owner = owner;
    this.time = time;
  }

  @Override
  public Pace step() {
    var dead = dead(cluster.view());
    watched.keySet().retainAll(dead);
    dead.forEach(
        id ->
            watched.computeIfAbsent(
                id, _ -> new Watch(Duration.ZERO, time.nanoTime() + SETTLED.toNanos())));
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
    long portion = Math.clamp(settings.number("queue_rate_for_reaper", PORTION), 1, MOST);
    var fids = store.filesOn(device, (int) portion);
    if (fids.isEmpty()) {
      lookAgainLater(device);
      return Pace.again();
    }
    store.forget(device, fids);
    log.info("dev{} is dead: {} of its files queued for replication", device, fids.size());
    return Pace.rest(BETWEEN_PORTIONS);
  }

  private void lookAgainLater(DeviceId device) {
    watched.computeIfPresent(
        device,
        (_, watch) -> {
          var interval = watch.interval().isZero() ? FIRST_AGAIN : watch.interval().multipliedBy(2);
          var bounded = interval.compareTo(LAST_AGAIN) > 0 ? LAST_AGAIN : interval;
          return new Watch(bounded, time.nanoTime() + bounded.toNanos());
        });
  }

  private static Set<DeviceId> dead(ClusterView view) {
    return view.devices().stream()
        .filter(device -> device.status() == DeviceStatus.DEAD)
        .map(Device::id)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
