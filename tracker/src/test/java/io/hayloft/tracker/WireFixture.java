package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.command.Backend;
import io.hayloft.tracker.command.Commands;
import io.hayloft.tracker.command.FakeNodes;
import io.hayloft.tracker.command.Jobs;
import io.hayloft.tracker.command.Measuring;
import io.hayloft.tracker.command.World;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.plugin.Ground;
import io.hayloft.tracker.plugin.PluginCatalog;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.server.RequestQueue;
import io.hayloft.tracker.server.TrackerServer;
import io.hayloft.tracker.server.Watchers;
import io.hayloft.tracker.store.PrimaryLookups;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.store.cache.PathMemory;
import io.hayloft.tracker.store.cache.RememberedLookups;
import io.hayloft.tracker.store.jdbc.DatabaseConfig;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.hayloft.tracker.work.replicate.CopyWaits;
import io.hayloft.tracker.work.replicate.PlanInWords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Commands behind a real socket and before a real, empty database; nodes are made up, and nothing
 * happens in the background.
 */
public final class WireFixture implements AutoCloseable {

  /** The machine that the tracker believes to be on. */
  static final String HOSTNAME = "tracker1";

  /** Less than a tracker's own, so that a busy machine does not make a test fail. */
  private static final Duration DATABASE_PATIENCE = Duration.ofMillis(1500);

  /** Longer than any test lets a request wait. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration SLOW = Duration.ofSeconds(1);

  private final Tasks tasks = Tasks.virtual();
  private final JdbcStores stores;
  private final FakeNodes nodes = new FakeNodes();
  private final SunnyCluster cluster;
  private final List<String> woken = new ArrayList<>();
  private final AtomicInteger requestThreads = new AtomicInteger();
  private final RequestQueue queue;
  private final Commands commands;
  private final TrackerServer server;
  private final Wire wire;

  private WireFixture(TestDatabase database, String url, List<String> chosen) {
    var meters = new SimpleMeterRegistry();
    var time = Time.system();
    var memory = new PathMemory(time);
    stores =
        JdbcStores.open(
            new DatabaseConfig(url, database.user(), database.password(), 16, DATABASE_PATIENCE),
            meters,
            memory,
            Thread::startVirtualThread);
    cluster = new SunnyCluster(stores.stores().registry());
    var threads = tasks.executor("request");
    queue =
        new RequestQueue(
            body -> {
              requestThreads.incrementAndGet();
              threads.execute(body);
            },
            time,
            64,
            1000,
            PATIENCE);
    var jobs = new IdleJobs(queue);
    var plugins =
        Plugins.start(
            PluginCatalog.onClassPath().named(chosen),
            new Ground(cluster, stores.stores(), stores.paths(), time),
            tasks);
    commands =
        new Commands(
            new Backend(
                cluster,
                stores.stores(),
                new RememberedLookups(
                    new PrimaryLookups(stores.stores().files()),
                    memory,
                    () -> cluster.view().settings()),
                nodes,
                jobs,
                plugins),
            stores.upkeep(),
            new World(
                tasks,
                time,
                new Random(7),
                HOSTNAME,
                new CopiesAside(
                    new CopyWaits(
                        cluster,
                        stores.stores().files(),
                        ReplicationPolicies.builtIn(),
                        new Random(7)),
                    queue),
                queue),
            ReplicationPolicies.builtIn(),
            new PlanInWords(ReplicationPolicies.builtIn(), new Random(7))::next,
            new Measuring(meters, SLOW));
    server =
        new TrackerServer(
            List.of(new Address("127.0.0.1", 0)),
            TrackerServer.Limits.of(20_000, Duration.ofSeconds(5)),
            new TrackerServer.Desk(commands, queue, jobs, new Watchers(), () -> {}),
            time,
            new QueuedThreadPool(8, 4),
            meters);
    server.start();
    wire = new Wire(server.port());
  }

  /** On a database that has the tables and nothing in them. */
  public static WireFixture start(TestDatabase database) throws SQLException {
    return start(database, database.url());
  }

  /** As {@link #start(TestDatabase)}, with these plugins. */
  public static WireFixture start(TestDatabase database, List<String> plugins) throws SQLException {
    return start(database, database.url(), plugins);
  }

  /**
   * @param url where the commands find the database; a test may put a proxy in between
   */
  public static WireFixture start(TestDatabase database, String url) throws SQLException {
    return start(database, url, List.of());
  }

  private static WireFixture start(TestDatabase database, String url, List<String> plugins)
      throws SQLException {
    var fixture = closed(database, url, plugins);
    fixture.open();
    return fixture;
  }

  /** A tracker that has not seen the devices yet: requests wait until it is {@link #open}. */
  static WireFixture beforeTheFirstRound(TestDatabase database) throws SQLException {
    return closed(database, database.url(), List.of());
  }

  private static WireFixture closed(TestDatabase database, String url, List<String> plugins)
      throws SQLException {
    database.emptyTables(Schema::migrate);
    return new WireFixture(database, url, plugins);
  }

  void open() {
    queue.open();
  }

  /** So many requests, and not those that were allowed before, are answered at a time. */
  void answerAtOnce(int requests) {
    queue.allow(requests);
  }

  /** How many threads requests have needed so far. */
  int requestThreads() {
    return requestThreads.get();
  }

  /** The names of all commands. */
  Set<String> commands() {
    return commands.names();
  }

  public Stores stores() {
    return stores.stores();
  }

  public FakeNodes nodes() {
    return nodes;
  }

  public UpkeepStores upkeep() {
    return stores.upkeep();
  }

  SunnyCluster cluster() {
    return cluster;
  }

  public List<String> woken() {
    synchronized (woken) {
      return List.copyOf(woken);
    }
  }

  int port() {
    return server.port();
  }

  public Wire connect() {
    return new Wire(server.port());
  }

  public String ask(String line) {
    return wire.ask(line);
  }

  /** The pairs of a reply that must be a success. */
  public Map<String, String> ok(String line) {
    var reply = Reply.parse(ask(line));
    assertThat(reply).as(line).isInstanceOf(Reply.Ok.class);
    return reply instanceof Reply.Ok ok ? ok.values() : Map.of();
  }

  /**
   * Plays a conversation that has something of a test's own in it; others are {@link Transcript}s.
   * Lines that begin with {@code > } are sent, each followed by the reply that must come.
   */
  public void play(String conversation) {
    var actual = new StringBuilder();
    conversation
        .lines()
        .filter(line -> line.startsWith("> "))
        .forEach(
            line -> actual.append(line).append('\n').append(ask(line.substring(2))).append('\n'));
    assertThat(actual.toString()).isEqualTo(conversation);
  }

  /** Host n with one device n, both alive, 900 of 1000 MB free. */
  public void addHost(int number) {
    ok("create_host host=h%d&ip=10.0.0.%d&port=7500&status=alive".formatted(number, number));
    addDevice(number, number);
  }

  public void addDevice(int host, int device) {
    ok("create_device hostname=h%d&devid=%d".formatted(host, device));
    var space = new HashMap<DeviceId, Space>();
    space.put(new DeviceId(device), new Space(1000, 100, 0));
    stores().registry().saveSpace(space);
    ok("clear_cache");
  }

  /** Uploads bytes; the fid. */
  public long store(String domain, String key, String bytes) {
    return store(domain, key, bytes, "");
  }

  public long store(String domain, String key, String bytes, String more) {
    var opened = ok("create_open domain=%s&key=%s%s".formatted(domain, key, more));
    var path = value(opened, "path");
    nodes.put(path.substring(path.indexOf("/dev")), bytes.getBytes(ISO_8859_1));
    var fid = value(opened, "fid");
    ok(
        "create_close domain=%s&key=%s&fid=%s&devid=%s&path=%s"
            .formatted(domain, key, fid, value(opened, "devid"), path));
    return Long.parseLong(fid);
  }

  /** A pair that a reply must have. */
  public static String value(Map<String, String> reply, String name) {
    var value = reply.get(name);
    assertThat(value).as(name).isNotNull();
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    nodes.release();
    wire.close();
    server.close();
    tasks.close();
    stores.close();
  }

  /** The jobs of a tracker, whose workers do nothing; who was woken is noted. */
  private final class IdleJobs implements Jobs {

    private final CrewJobs crews;

    IdleJobs(RequestQueue queue) {
      var monitor = idle("monitor");
      crews =
          new CrewJobs(
              monitor,
              Stream.of(DELETE, FSCK, REPLICATE, "reaper")
                  .map(job -> Job.of(idle(job), 1))
                  .toList(),
              List.of(),
              queue);
      monitor.want(1);
      crews.switchMaster(true);
    }

    private Crew idle(String job) {
      return new Crew(
          job, () -> () -> Pace.rest(Duration.ofHours(1)), tasks, Time.system(), new Random(3));
    }

    @Override
    public SortedMap<String, Staff> crews() {
      return crews.crews();
    }

    @Override
    public SortedMap<String, Load> loads() {
      return crews.loads();
    }

    @Override
    public void want(int count, String job) {
      crews.want(count, job);
    }

    @Override
    public int send(String job, String message) {
      return crews.send(job, message);
    }

    @Override
    public void wake(String job) {
      synchronized (woken) {
        woken.add(job);
      }
    }
  }
}
