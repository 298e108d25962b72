package io.hayloft.tracker;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.health.Health;
import io.hayloft.runtime.http.HttpLimits;
import io.hayloft.runtime.http.OpsServer;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.schema.Schema;
import io.hayloft.tracker.command.Backend;
import io.hayloft.tracker.command.Commands;
import io.hayloft.tracker.command.DurableCopies;
import io.hayloft.tracker.command.Measuring;
import io.hayloft.tracker.command.World;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.node.http.HttpStorageNodes;
import io.hayloft.tracker.node.http.NodeOptions;
import io.hayloft.tracker.plugin.Ground;
import io.hayloft.tracker.plugin.Plugin;
import io.hayloft.tracker.plugin.PluginCatalog;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.server.RequestQueue;
import io.hayloft.tracker.server.TrackerServer;
import io.hayloft.tracker.server.Watchers;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.PrimaryLookups;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.store.cache.CachedLookups;
import io.hayloft.tracker.store.cache.LookupCache;
import io.hayloft.tracker.store.cache.PathMemory;
import io.hayloft.tracker.store.cache.RememberedLookups;
import io.hayloft.tracker.store.group.Gathering;
import io.hayloft.tracker.store.group.Gatherings;
import io.hayloft.tracker.store.jdbc.DatabaseConfig;
import io.hayloft.tracker.store.jdbc.JdbcReplica;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.hayloft.tracker.store.memcached.MemcachedRing;
import io.hayloft.tracker.store.replica.NearHosts;
import io.hayloft.tracker.store.replica.ReplicaLookups;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.monitor.Monitor;
import io.hayloft.tracker.work.replicate.CopyWaits;
import io.hayloft.tracker.work.replicate.PlanInWords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tracker: makes all its parts in the order in which they need each other, and closes them in the
 * opposite order. It ends no process and closes nothing that it was given.
 */
public final class Tracker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Tracker.class);

  /** How long requests that are being answered may take to end when the tracker stops. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private static final Duration CLOSING = Duration.ofSeconds(20);
  private static final Duration GLANCE = Duration.ofSeconds(1);
  private static final int SERVER_THREADS = 16;
  private static final int NODE_THREADS = 64;

  /** More than the batches that may be under way, those of read replicas among them. */
  private static final int STORE_THREADS = 64;

  private static final int FEWEST_THREADS = 4;

  private final TrackerConfig config;
  private final Surroundings surroundings;
  private final List<Plugin> chosen;
  private final Lifecycle lifecycle;
  private final Crews crews;
  private final Watchers watchers = new Watchers();
  private final ReplicationPolicies policies =
      ReplicationPolicies.installed(Tracker.class.getClassLoader());
  private @Nullable TrackerServer server;
  private @Nullable OpsServer ops;

  /** What a tracker needs of the world. */
  public record Surroundings(Time time, Tasks tasks, RandomGenerator random, Metrics metrics) {}

  private Tracker(TrackerConfig config, Surroundings surroundings, List<Plugin> chosen) {
    this.config = config;
    this.surroundings = surroundings;
    this.chosen = chosen;
    this.lifecycle = new Lifecycle(surroundings.time(), CLOSING);
    this.crews = new Crews(surroundings);
  }

  /**
   * Starts a tracker. It answers once the devices have been probed for the first time.
   *
   * @param shutdown begins to end the daemon, and returns; called when an operator asks for it
   * @throws io.hayloft.tracker.policy.UnusablePolicyException when a replication policy is
   *     installed that cannot be used
   * @throws io.hayloft.runtime.config.ConfigException when a plugin is named that is not there
   * @throws io.hayloft.schema.SchemaException when the database has not the tables of this version
   * @throws Exception when it cannot listen
   */
  public static Tracker start(TrackerConfig config, Surroundings surroundings, Runnable shutdown)
      throws Exception {
    var plugins = PluginCatalog.onClassPath().named(config.extras().plugins());
    var tracker = new Tracker(config, surroundings, plugins);
    tracker.startParts(shutdown);
    return tracker;
  }

  private void startParts(Runnable shutdown) throws Exception {
    prepareTables();
    var cluster = new AtomicReference<@Nullable Monitor>();
    var registry = new AtomicReference<@Nullable RegistryStore>();
    var cache = lifecycle.add("memcached", cache(cluster, registry));
    var memory = new PathMemory(surroundings.time());
    var leaders =
        lifecycle.start(
            "threads of the stores", () -> StoreThreads.start(threads("store", STORE_THREADS)));
    var gatherings =
        new Gatherings(new Gathering.Service(leaders, config.limits().turn()), surroundings.time());
    var database =
        lifecycle.start(
            "database", () -> openStores(ChangeListener.both(memory, cache), gatherings));
    lifecycle.add("those who wait for the database", crew("gatherings", () -> gatherings)).want(1);
    var stores = database.stores();
    registry.set(stores.registry());
    var nodes = lifecycle.start("nodes", () -> startNodes(cluster));
    var owner = owner();
    var monitor = monitor(database, nodes, owner);
    cluster.set(monitor);
    var queue =
        new RequestQueue(
            surroundings.tasks().executor("request"),
            surroundings.time(),
            config.limits().requests(),
            config.limits().waiting(),
            config.limits().turn());
    var plugins =
        Plugins.start(
            chosen,
            new Ground(monitor, stores, database.paths(), surroundings.time()),
            surroundings.tasks());
    var shared = shared(monitor, database);
    var background =
        new BackgroundWork(
            config.jobs(),
            new BackgroundWork.Parts(
                monitor,
                database,
                new BackgroundWork.Nodes(nodes, nodes.natives()),
                plugins,
                policies,
                shared),
            crews,
            surroundings,
            new BackgroundWork.Name(hostname(), owner));
    var jobs = startJobs(monitor, background.jobs(), background.behindMaster(), queue);
    var lookups =
        new RememberedLookups(
            startLookups(monitor, stores, cache, gatherings),
            memory,
            () -> monitor.view().settings());
    lifecycle.add("watchdog", crews.watchdog()).want(1);
    var backend = new Backend(monitor, stores, lookups, nodes, jobs, plugins);
    var copies = new CopiesAside(shared.waits(), queue);
    server =
        lifecycle.start(
            "server", () -> startServer(backend, database.upkeep(), copies, queue, shutdown));
    lifecycle.add("requests", () -> stopRequests(queue));
    lifecycle.add("requests that wait", crew("turns", () -> queue)).want(1);
    lifecycle.add("waits for copies", shared.waits());
    surroundings.tasks().start("open", () -> openWhenReady(monitor, queue));
    log.info("listening on {}", config.listen());
    startOps(monitor);
  }

  private void prepareTables() {
    var database = config.database();
    if (database.migrate()) {
      var result = Schema.migrate(database.url(), database.user(), database.password());
      if (!result.applied().isEmpty()) {
        log.info("the database was brought up to date: {}", result.applied());
      }
    } else {
      Schema.require(database.url(), database.user(), database.password());
    }
  }

  /** It hears of changes, so it comes before the stores; what it needs of them comes later. */
  private LookupCache cache(
      AtomicReference<@Nullable Monitor> cluster,
      AtomicReference<@Nullable RegistryStore> registry) {
    return new LookupCache(
        new LookupCache.Sources(
            () -> reading(cluster.get()),
            servers -> MemcachedRing.open(servers, MemcachedRing.Timeouts.USUAL),
            setting -> Objects.requireNonNull(registry.get()).increment(setting)),
        LookupCache.Limits.USUAL,
        surroundings.time(),
        surroundings.metrics().registry());
  }

  private static LookupCache.Reading reading(@Nullable Monitor monitor) {
    return monitor == null
        ? LookupCache.Reading.NONE
        : new LookupCache.Reading(monitor.view().settings(), monitor.age());
  }

  private JdbcStores openStores(ChangeListener listener, Gatherings gatherings) {
    var database = config.database();
    return JdbcStores.open(
        new DatabaseConfig(
            database.url(),
            database.user(),
            database.password(),
            database.connections(),
            database.timeout()),
        surroundings.metrics().registry(),
        listener,
        gatherings);
  }

  private HttpStorageNodes startNodes(AtomicReference<@Nullable Monitor> cluster) {
    var nodes = config.nodes();
    var limits =
        new NodeOptions.Limits(
            nodes.connTimeout(), nodes.timeout(), NodeOptions.Limits.USUAL.stall());
    return HttpStorageNodes.start(
        new NodeOptions(
            limits,
            nodes.sideChannelPort(),
            nodes.copyFromGetPort(),
            () -> skipsMkcol(cluster.get())),
        new HttpStorageNodes.World(
            threads("nodes", NODE_THREADS),
            surroundings.tasks(),
            surroundings.time(),
            surroundings.random()));
  }

  private static boolean skipsMkcol(@Nullable Monitor monitor) {
    return monitor != null && monitor.view().settings().flag("skip_mkcol");
  }

  private static QueuedThreadPool threads(String name, int most) {
    var threads = new QueuedThreadPool(most, FEWEST_THREADS);
    threads.setName("tracker-" + name);
    threads.setDaemon(true);
    return threads;
  }

  private Monitor monitor(JdbcStores database, HttpStorageNodes nodes, String owner) {
    var stores = database.stores();
    return new Monitor(
        new Monitor.Sources(
            stores.registry(),
            stores.leases(),
            nodes,
            Optional.of(database.upkeep().records()),
            nodes.nativeNodes()),
        new ClusterView.Defaults(
            config.nodes().minFreeSpaceMb(),
            config.nodes().defaultMindevcount(),
            config.locality()),
        owner,
        surroundings.tasks(),
        surroundings.time());
  }

  /** The monitor's two crews run always; the others when background work is on. */
  private CrewJobs startJobs(
      Monitor monitor, List<Job> background, List<Crew> behindMaster, RequestQueue queue) {
    var readings = lifecycle.add("registry", crew("registry", monitor::registry));
    readings.want(1);
    var probes = crew("monitor", monitor::probes);
    probes.want(1);
    var jobs = lifecycle.add("jobs", new CrewJobs(probes, background, behindMaster, queue));
    jobs.switchMaster(config.jobs().enabled());
    return jobs;
  }

  /** Closed before the stores, and their loops before them. */
  private FileLookups startLookups(
      Monitor monitor, Stores stores, LookupCache cache, Gatherings gatherings) {
    var meters = surroundings.metrics().registry();
    var replicas =
        lifecycle.add(
            "read replicas",
            new ReplicaLookups(
                new PrimaryLookups(stores.files()),
                () -> monitor.view().settings(),
                new NearHosts(monitor::view),
                address -> JdbcReplica.open(address, meters, gatherings),
                new ReplicaLookups.World(surroundings.time(), surroundings.random(), meters)));
    lifecycle.add("replicas", crew("replicas", () -> replicas)).want(1);
    lifecycle.add("cache", crew("cache", () -> cache)).want(1);
    return new CachedLookups(replicas, cache);
  }

  private Crew crew(String job, Supplier<? extends Worker> workers) {
    return crews.crew(job, workers);
  }

  private BackgroundWork.Shared shared(Monitor monitor, JdbcStores database) {
    var waits = new CopyWaits(monitor, database.stores().files(), policies, surroundings.random());
    lifecycle.add("looks for copies", crew("copies", () -> waits)).want(1);
    return new BackgroundWork.Shared(
        new HeldClaims(database.upkeep().claims(), surroundings.time()), waits);
  }

  private TrackerServer startServer(
      Backend backend,
      UpkeepStores upkeep,
      DurableCopies copies,
      RequestQueue queue,
      Runnable shutdown) {
    var commands =
        new Commands(
            backend,
            upkeep,
            new World(
                surroundings.tasks(),
                surroundings.time(),
                surroundings.random(),
                hostname(),
                copies,
                queue),
            policies,
            new PlanInWords(policies, surroundings.random())::next,
            new Measuring(surroundings.metrics().registry(), config.limits().slow()));
    var started =
        new TrackerServer(
            config.listen(),
            TrackerServer.Limits.of(config.limits().connections(), config.limits().unread()),
            new TrackerServer.Desk(commands, queue, backend.jobs(), watchers, shutdown),
            surroundings.time(),
            threads("server", SERVER_THREADS),
            surroundings.metrics().registry());
    started.start();
    return started;
  }

  private void stopRequests(RequestQueue queue) throws InterruptedException {
    if (server != null) {
      server.stopAccepting();
    }
    if (!queue.drain(DRAIN)) {
      log.warn("requests were still being answered after {} s", DRAIN.toSeconds());
    }
  }

  private void openWhenReady(Monitor monitor, RequestQueue queue) throws InterruptedException {
    while (!monitor.awaitReady(GLANCE)) {
      if (lifecycle.isClosing()) {
        return;
      }
    }
    queue.open();
    log.info("the devices have been probed; answering requests");
  }

  /**
   * Files matter more than pages about them: a tracker goes on without when it cannot serve these.
   */
  private void startOps(Monitor monitor) {
    var health =
        new Health()
            .ready("stopping", () -> problem(lifecycle.isClosing(), "it is about to stop"))
            .ready("devices", () -> problem(!monitor.isReady(), "they were not probed yet"))
            .ready("database", () -> problem(monitor.isDatabaseDown(), "it does not answer"));
    var listen = config.httpListen();
    var metrics = surroundings.metrics();
    try {
      ops = OpsServer.start(listen, HttpLimits.small(), health, metrics, Map.of());
      lifecycle.add("operators' server", ops);
      log.info("health and metrics on {}", ops.address());
    } catch (IOException e) {
      log.error("no health and metrics on {} (http_listen): {}", listen, e.getMessage());
    }
  }

  private static Optional<String> problem(boolean isThere, String sentence) {
    return isThere ? Optional.of(sentence) : Optional.empty();
  }

  /** Names this tracker among those on the same database. */
  private static String owner() {
    return hostname() + ":" + ProcessHandle.current().pid();
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      log.debug("this machine does not know its name", e);
      return "localhost";
    }
  }

  /** The port of the first address that clients connect to, for one left to the system. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.port();
  }

  /** Where health and metrics are served; empty when something else has that address. */
  public Optional<Address> httpAddress() {
    return Optional.ofNullable(ops).map(OpsServer::address);
  }

  /** Tells operators who watch ({@code !watch}) what happens: a line of the log. */
  public void tellWatchers(String message) {
    watchers.tell(message);
  }

  @Override
  public void close() {
    lifecycle.close();
  }
}
