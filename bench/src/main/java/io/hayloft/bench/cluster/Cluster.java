package io.hayloft.bench.cluster;

import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.embedded.FreePorts;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database, a tracker and storage nodes, each a process of its own on this machine, with one
 * domain and a class that keeps two copies.
 */
public final class Cluster implements AutoCloseable {

  public static final String DOMAIN = "bench";

  /** Keeps two copies. */
  public static final String CLASS = "two";

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofMillis(50);

  private final ClusterSettings settings;
  private final Time time;
  private final BenchDatabase database;
  private final List<NodeHost> nodes = new ArrayList<>();
  private final int httpPort = FreePorts.next();
  private final int sidePort = FreePorts.next();
  private @Nullable DaemonProcess tracker;
  private @Nullable TrackerLine operator;

  /** How the tracker gets to the database. */
  @FunctionalInterface
  public interface Way {

    /** The address to give to the tracker, for the database's own. */
    String to(String url);
  }

  private Cluster(ClusterSettings settings, Time time) {
    this.settings = settings;
    this.time = time;
    this.database =
        BenchDatabase.start(settings.directory().resolve("database"), settings.databaseOptions());
  }

  /** Starts all of it; returns when files can be stored on every device. */
  public static Cluster start(ClusterSettings settings, Time time) throws InterruptedException {
    return start(settings, time, url -> url);
  }

  /** The same with something on the tracker's way to its database. */
  public static Cluster start(ClusterSettings settings, Time time, Way way)
      throws InterruptedException {
    var cluster = new Cluster(settings, time);
    try {
      cluster.launch(way);
      return cluster;
    } catch (RuntimeException | InterruptedException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(Way way) throws InterruptedException {
    int port = FreePorts.next();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var environment = new HashMap<String, String>();
    environment.put("HAYLOFT_DATABASE_URL", way.to(database.url()));
    environment.put("HAYLOFT_DATABASE_USER", BenchDatabase.USER);
    environment.put("HAYLOFT_DATABASE_PASSWORD", BenchDatabase.PASSWORD);
    environment.put("HAYLOFT_DATABASE_MIGRATE", "true");
    environment.put("HAYLOFT_NODES_SIDE_CHANNEL_PORT", Integer.toString(sidePort));
    environment.put("HAYLOFT_LISTEN", "127.0.0.1:" + port);
    environment.put("HAYLOFT_HTTP_LISTEN", "127.0.0.1:" + FreePorts.next());
    environment.putAll(settings.trackerKeys());
    tracker =
        DaemonProcess.launch(
            new DaemonProcess.Order(
                "tracker", settings.daemonFlags(), List.of("tracker", "--skip-config"), address),
            environment,
            settings.directory().resolve("tracker.log"));
    tracker.awaitListening(time);
    operator = TrackerLine.open(address);
    operator().ok("create_domain domain=" + DOMAIN);
    operator().ok("create_class domain=" + DOMAIN + "&class=" + CLASS + "&mindevcount=2");
    for (int n = 1; n <= settings.nodes(); n++) {
      register(n);
    }
    awaitWriteable();
  }

  /** Starts a further storage node with two new devices and makes it known. */
  public NodeHost addNode() throws InterruptedException {
    var node = register(nodes.getLast().number() + 1);
    awaitWriteable();
    return node;
  }

  private NodeHost register(int n) throws InterruptedException {
    var docroot = settings.storage().docroots().resolve("node" + n);
    var host = "127.0.0." + n;
    try {
      for (int device : NodeHost.deviceNumbers(n)) {
        Files.createDirectories(docroot.resolve("dev" + device));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var process =
        new NodeOrder(
                "node" + n,
                docroot,
                new InetSocketAddress(host, httpPort),
                new InetSocketAddress(host, sidePort),
                settings.storage().durability(),
                settings.daemonFlags())
            .launch(settings.directory().resolve("node" + n + ".log"));
    var node = new NodeHost(n, process, docroot);
    nodes.add(node);
    process.awaitListening(time);
    operator()
        .ok("create_host host=node%d&ip=%s&port=%d&status=alive".formatted(n, host, httpPort));
    for (var device : node.devices()) {
      operator().ok("create_device hostname=node%d&devid=%s&state=alive".formatted(n, device));
    }
    return node;
  }

  /** Returns when files can be stored on every device of the nodes that were not killed. */
  public void awaitWriteable() throws InterruptedException {
    long devices = nodes.stream().filter(node -> node.process().isAlive()).count() * 2;
    await(READY, GLANCE, "all devices writeable", () -> writeableDevices() == devices);
  }

  private long writeableDevices() {
    operator().ok("clear_cache");
    return operator().ok("get_devices").values().values().stream()
        .filter("writeable"::equals)
        .count();
  }

  /** Something that becomes true. */
  @FunctionalInterface
  public interface Condition {
    boolean holds();
  }

  /**
   * Looks until a condition holds, every {@code glance}; the clock's nanoseconds when it did.
   *
   * @throws IllegalStateException when it does not within the limit
   */
  public long await(Duration limit, Duration glance, String what, Condition condition)
      throws InterruptedException {
    long started = time.nanoTime();
    while (!condition.holds()) {
      if (time.since(started).compareTo(limit) > 0) {
        throw new IllegalStateException(
            "after " + limit.toSeconds() + " s still not: " + what + "; logs: " + directory());
      }
      time.sleep(glance);
    }
    return time.nanoTime();
  }

  public Path directory() {
    return settings.directory();
  }

  public Time time() {
    return time;
  }

  public BenchDatabase database() {
    return database;
  }

  public DaemonProcess tracker() {
    if (tracker == null) {
      throw new IllegalStateException("not started");
    }
    return tracker;
  }

  /** The connection for what operators ask; of the thread that measures. */
  public TrackerLine operator() {
    if (operator == null) {
      throw new IllegalStateException("not started");
    }
    return operator;
  }

  /** A further connection to the tracker. */
  public TrackerLine connect() {
    return TrackerLine.open(tracker().address());
  }

  /** The nodes that were not killed. */
  public List<NodeHost> liveNodes() {
    return nodes.stream().filter(node -> node.process().isAlive()).toList();
  }

  /** Marks both devices of a node dead, as an operator does who has given it up. */
  public void markDead(NodeHost node) {
    for (var device : node.devices()) {
      operator().ok("set_state host=%s&device=%s&state=dead".formatted(node.name(), device));
    }
  }

  /** The node that has a device. */
  public NodeHost nodeOf(DeviceId device) {
    return nodes.stream()
        .filter(node -> node.devices().contains(device))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node has dev" + device));
  }

  /** What all its processes have used so far; those that were killed count no more. */
  public Consumption consumption() {
    return new Consumption(
        tracker().meter().cpuMicros(),
        new ProcessMeter(database.pid()).cpuMicros(),
        liveNodes().stream().mapToLong(node -> node.process().meter().cpuMicros()).sum(),
        database.statements());
  }

  @Override
  public void close() {
    if (operator != null) {
      operator.close();
    }
    if (tracker != null) {
      tracker.close();
    }
    nodes.forEach(node -> node.process().close());
    database.close();
  }
}
