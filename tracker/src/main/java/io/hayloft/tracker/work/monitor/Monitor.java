package io.hayloft.tracker.work.monitor;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.store.DeviceRecordStore;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.work.SharedRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view of the cluster up to date: reads the database every few seconds and asks the
 * storage nodes how they are. Two workers, so that neither waits for the other: {@link #registry}
 * and {@link #probes}, one loop of each.
 *
 * <p>Each host is looked at every second, by itself, so that one which hangs keeps no other from
 * being looked at. A round, which takes longer, begins with a look at every host and then tries to
 * write where it is time to; rounds never overlap. News is published when it is there. While the
 * database is down the last that was read stays in use, and a warning says so.
 */
public final class Monitor implements Cluster {

  private static final Logger log = LoggerFactory.getLogger(Monitor.class);

  private static final Duration BETWEEN_READINGS = Duration.ofSeconds(4);

  /** While the database is away: how soon everybody is to know that it is back. */
  private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BEFORE_READY = Duration.ofMillis(100);
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(2500);
  private static final Duration BETWEEN_SAVINGS = Duration.ofSeconds(15);

  /** A little longer than until the next saving, so that one tracker goes on with it. */
  private static final Duration SAVING_LEASE = Duration.ofSeconds(25);

  private static final Duration NEVER = Duration.ofDays(1);

  private static final String SAVING = "device-space";
  private static final int HOSTS_AT_ONCE = 64;

  /**
   * What the monitor reads and asks.
   *
   * @param records empty where nothing is remembered of disks
   * @param natives whoever tells of disks, whose they are and whether they can be trusted; empty
   *     where nobody does
   */
  public record Sources(
      RegistryStore registry,
      LeaseStore leases,
      StorageNodes nodes,
      Optional<DeviceRecordStore> records,
      Optional<NativeNodes> natives) {

    /** With nodes that do not tell whose their disks are. */
    public Sources(RegistryStore registry, LeaseStore leases, StorageNodes nodes) {
      this(registry, leases, nodes, Optional.empty(), Optional.empty());
    }
  }

  private final Sources sources;
  private final String owner;
  private final Tasks tasks;
  private final Time time;
  private final RepeatedCauses causes;
  private final Observatory observatory;
  private final SharedRun readings = new SharedRun(this::read);
  private final SharedRun rounds = new SharedRun(this::round);
  private final Executor executor;
  private final HostWatch.Parts watchParts;
  private final Map<HostId, HostWatch> watches = new ConcurrentHashMap<>();
  private final AtomicBoolean inRound = new AtomicBoolean();
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile @Nullable StoreException databaseAway;
  private volatile boolean haveRead;
  private volatile @Nullable Long roundStarted;
  private volatile long lastReading;
  private volatile long lastSaving;
  private volatile boolean saved;
  private volatile List<String> zoneProblems = List.of();

  /**
   * @param owner names this tracker among those on the same database
   */
  public Monitor(
      Sources sources, ClusterView.Defaults defaults, String owner, Tasks tasks, Time time) {
    this.sources = sources;
    this.owner = owner;
    this.tasks = tasks;
    this.time = time;
    this.causes = new RepeatedCauses(log, time);
    this.observatory = new Observatory(defaults);
    this.executor = tasks.executor("monitor");
    this.watchParts =
        new HostWatch.Parts(
            sources.nodes(),
            new Identities(sources.natives(), sources.records(), time),
            new Distrusted(sources.natives()),
            executor,
            time);
  }

  @Override
  public ClusterView view() {
    return observatory.view();
  }

  @Override
  public boolean isReady() {
    return ready.getCount() == 0;
  }

  @Override
  public boolean awaitReady(Duration limit) throws InterruptedException {
    return ready.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * While the database is known to be away this fails at once: those who wait for one reading would
   * otherwise wait for the time-out of the one before it as well.
   */
  @Override
  public ClusterView reread() {
    var away = databaseAway;
    if (away != null) {
      throw new StoreException(away.why(), String.valueOf(away.getMessage()), away);
    }
    try {
      readings.run();
      return view();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Cause.UNAVAILABLE, "interrupted", e);
    }
  }

  @Override
  public void refresh() throws InterruptedException {
    readings.run();
    rounds.run();
  }

  @Override
  public void awaitRound() throws InterruptedException {
    rounds.awaitEnd();
  }

  /** Whether the database did not answer when it was last read: the view may be old. */
  public boolean isDatabaseDown() {
    return databaseAway != null;
  }

  /** The time since the database was as the view has it, or later. */
  public Duration age() {
    return haveRead ? time.since(lastReading) : NEVER;
  }

  /** Reads the database, and now and then tells it how full the devices are. */
  public Worker registry() {
    return () -> {
      try {
        readings.run();
        saveSpaceWhenDue();
      } catch (StoreException e) {
        causes.warn(
            "the database does not answer; going on with what was last read from it",
            String.valueOf(e.getMessage()));
      }
      causes.flushDue();
      return Pace.rest(isDatabaseDown() ? BETWEEN_TRIALS : BETWEEN_READINGS);
    };
  }

  /** Looks at the hosts, and tries now and then to write; waits for neither. */
  public Worker probes() {
    return () -> {
      var view = view();
      probed(view).forEach(host -> watch(host.id()).lookBeside(executor));
      if (!inRound.get() && isRoundDue()) {
        inRound.set(true);
        roundStarted = time.nanoTime();
        executor.execute(this::roundBeside);
      }
      return Pace.rest(isReady() ? BETWEEN_LOOKS : BEFORE_READY);
    };
  }

  private boolean isRoundDue() {
    var last = roundStarted;
    return last == null || !isReady() || time.since(last).compareTo(BETWEEN_ROUNDS) >= 0;
  }

  private void roundBeside() {
    try {
      rounds.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inRound.set(false);
    }
  }

  private void read() {
    try {
      var newest = sources.registry().load();
      observatory.take(newest);
      warnOfZones(newest.zones().problems());
      haveRead = true;
      databaseAway = null;
    } catch (StoreException e) {
      databaseAway = e;
      throw e;
    }
  }

  /** Once when they change, and not with every reading. */
  private void warnOfZones(List<String> problems) {
    if (!problems.equals(zoneProblems)) {
      zoneProblems = problems;
      if (!problems.isEmpty()) {
        log.warn("settings of network zones without effect: {}", String.join("; ", problems));
      }
    }
  }

  private void round() throws InterruptedException {
    boolean known = haveRead;
    var view = view();
    watches.keySet().retainAll(view.registry().hosts().keySet());
    var hosts = probed(view);
    if (!hosts.isEmpty()) {
      tasks.forEach(hosts, HOSTS_AT_ONCE, this::probe);
    }
    // Before the database was read there was nothing to look at.
    if (known) {
      ready.countDown();
    }
  }

  private boolean probe(Host host) {
    try {
      watch(host.id()).lookAndTry();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private static List<Host> probed(ClusterView view) {
    return view.registry().hosts().values().stream()
        .filter(host -> host.status().readable())
        .filter(host -> !HostWatch.probed(view, host.id()).isEmpty())
        .toList();
  }

  private HostWatch watch(HostId host) {
    return watches.computeIfAbsent(host, id -> new HostWatch(id, watchParts, observatory));
  }

  private void saveSpaceWhenDue() {
    if (saved && time.since(lastSaving).compareTo(BETWEEN_SAVINGS) < 0) {
      return;
    }
    var space = observatory.space();
    if (!space.isEmpty() && sources.leases().acquire(SAVING, owner, SAVING_LEASE)) {
      sources.registry().saveSpace(space);
      lastSaving = time.nanoTime();
      saved = true;
    }
  }
}
