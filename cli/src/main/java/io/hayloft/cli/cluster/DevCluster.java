package io.hayloft.cli.cluster;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.DeviceInfo;
import io.hayloft.client.DeviceState;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.client.HostChange;
import io.hayloft.client.HostState;
import io.hayloft.embedded.EmbeddedDatabase;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole cluster on this machine: a database in this process's care, a tracker and storage nodes
 * as child processes. It ends with {@link #close}, and however this process ends.
 *
 * <p>For development and for showing; its data are as safe as one disk. One thread starts it; any
 * may close it, at any time.
 */
public final class DevCluster implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DevCluster.class);

  private static final String DATABASE = "hayloft";
  private static final Duration STARTING = Duration.ofSeconds(90);
  private static final Duration DATABASE_START = Duration.ofSeconds(8);
  private static final Duration STOPPING = Duration.ofSeconds(15);
  private static final Duration WRITEABLE = Duration.ofSeconds(60);

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xss512k",
          "--enable-native-access=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** How long it will run. */
  public enum Life {
    /** Too short for the JVM's better compiler to earn what it costs: warming up halves. */
    SHORT,
    LONG
  }

  private final Layout layout;
  private final Life life;
  private final Surroundings surroundings;

  /** The nodes by number, then the tracker. Read by whoever closes while the start goes on. */
  private final List<Child> children = new CopyOnWriteArrayList<>();

  private final FutureTask<EmbeddedDatabase> database;

  /** Taken by the start, which then owes a database, or by the close, so that there is none. */
  private final AtomicBoolean databaseClaimed = new AtomicBoolean();

  private final AtomicBoolean closing = new AtomicBoolean();

  private DevCluster(Layout layout, Life life, Surroundings surroundings) {
    this.layout = layout;
    this.life = life;
    this.surroundings = surroundings;
    this.database = new FutureTask<>(() -> EmbeddedDatabase.start(layout.database(), 0));
  }

  /**
   * A cluster that has not been started; {@link #close} is safe at any time.
   *
   * @throws Refusal when it cannot be where it shall be
   */
  public static DevCluster of(Layout layout, Life life, Surroundings surroundings) {
    var temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize();
    if (layout.directory().startsWith(temporary)) {
      throw new Refusal(
          ExitCode.USAGE,
          "the database would be deleted below %s: choose another directory than %s"
              .formatted(temporary, layout.directory()));
    }
    var taken = layout.ports().taken(layout.nodes());
    if (!taken.isEmpty()) {
      throw new Refusal(
          ExitCode.FAILED,
          "somebody listens on %s already: if it is another hayloft dev, stop it; else add"
                  .formatted(taken)
              + " --free-ports");
    }
    return new DevCluster(layout, life, surroundings);
  }

  public Layout layout() {
    return layout;
  }

  /** Starts everything and returns when all devices take files. */
  public void start() throws IOException, InterruptedException {
    for (int node : layout.nodeNumbers()) {
      children.add(Child.start(nodeOrder(node)));
    }
    if (databaseClaimed.compareAndSet(false, true)) {
      database.run();
    }
    var url = database().jdbcUrl(DATABASE);
    Schema.migrate(url, EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
    children.add(Child.start(trackerOrder(url)));
    var readiness =
        new Readiness(surroundings.terminal(), surroundings.time(), STARTING, closing::get);
    for (int node : layout.nodeNumbers()) {
      readiness.awaitNode(children.get(node - 1), Ports.address(node), layout.ports().node());
    }
    readiness.awaitTracker(children.getLast(), "127.0.0.1", layout.ports().tracker());
    register();
  }

  private EmbeddedDatabase database() throws InterruptedException {
    if (!databaseClaimed.get()) {
      throw new IllegalStateException("the cluster was not started");
    }
    try {
      return database.get();
    } catch (ExecutionException e) {
      throw new Refusal(
          ExitCode.FAILED,
          "the embedded database does not start below %s: %s"
              .formatted(layout.database(), deepest(e).getMessage()),
          e);
    }
  }

  private static Throwable deepest(Throwable failure) {
    var cause = failure.getCause();
    return cause == null ? failure : deepest(cause);
  }

  private Child.Order nodeOrder(int node) throws IOException {
    for (int device : layout.devices(node)) {
      Files.createDirectories(layout.docroot(node).resolve("dev" + device));
    }
    var name = Layout.hostName(node);
    return new Child.Order(
        name,
        layout.log(name),
        jvm("-Xmx160m"),
        List.of(
            "node",
            "--skip-config",
            "--until-input-ends",
            "--http-listen=" + Ports.address(node) + ":" + layout.ports().node(),
            "--side-listen=" + Ports.address(node) + ":" + layout.ports().sidechannel(),
            "--docroot=" + layout.docroot(node)));
  }

  private Child.Order trackerOrder(String url) {
    return new Child.Order(
        "tracker",
        layout.log("tracker"),
        jvm("-Xmx256m"),
        List.of(
            "tracker",
            "--skip-config",
            "--until-input-ends",
            "--listen=127.0.0.1:" + layout.ports().tracker(),
            "--http-listen=127.0.0.1:" + layout.ports().ops(),
            "--nodes-side-channel-port=" + layout.ports().sidechannel(),
            "--database-url=" + url,
            "--database-user=" + EmbeddedDatabase.USER,
            "--database-password=" + EmbeddedDatabase.PASSWORD));
  }

  private List<String> jvm(String heap) {
    var flags = new ArrayList<>(JVM);
    flags.add(heap);
    if (life == Life.SHORT) {
      flags.add("-XX:TieredStopAtLevel=1");
    }
    return flags;
  }

  /** Tells the tracker of hosts and devices, unless it knows them from an earlier run. */
  private void register() throws IOException, InterruptedException {
    try (var admin = admin()) {
      for (int node : layout.nodeNumbers()) {
        var host =
            HostChange.of(Layout.hostName(node))
                .ip(Ports.address(node))
                .port(layout.ports().node())
                .state(HostState.ALIVE);
        if (!created(ErrorCode.HOST_EXISTS, () -> admin.createHost(host))) {
          admin.updateHost(host);
        }
        for (int device : layout.devices(node)) {
          created(
              ErrorCode.EXISTING_DEVID,
              () ->
                  admin.createDevice(
                      new DeviceId(device), Layout.hostName(node), DeviceState.ALIVE));
        }
      }
      awaitWriteable(admin);
    }
  }

  private interface Creation {
    void run() throws HayloftException;
  }

  /** False when it was there already, which the tracker says with that word. */
  private static boolean created(ErrorCode there, Creation creation) throws HayloftException {
    try {
      creation.run();
      return true;
    } catch (HayloftException e) {
      if (e.errorCode().equals(Optional.of(there))) {
        return false;
      }
      throw e;
    }
  }

  /** A device that was marked in an earlier run stays as it was marked. */
  private void awaitWriteable(HayloftAdmin admin) throws IOException, InterruptedException {
    long started = surroundings.time().nanoTime();
    while (true) {
      admin.clearCache();
      var waiting = admin.devices().stream().filter(DevCluster::isAwaited).toList();
      if (waiting.isEmpty()) {
        return;
      }
      if (surroundings.time().since(started).compareTo(WRITEABLE) > 0) {
        throw new Refusal(
            ExitCode.FAILED,
            "device dev%d does not become writeable; the logs are in %s"
                .formatted(waiting.getFirst().id().value(), layout.log("tracker").getParent()));
      }
      surroundings.time().sleep(Duration.ofMillis(100));
    }
  }

  private static boolean isAwaited(DeviceInfo device) {
    boolean known =
        device.observation().state().equals(Optional.of("writeable"))
            && device.space().totalMib().isPresent();
    return device.status().equals("alive") && !known;
  }

  /** An administrator of this cluster. */
  public HayloftAdmin admin() {
    return HayloftAdmin.builder().trackers(layout.tracker()).build();
  }

  /** Where its database is, for whoever wants to look into it. */
  public String databaseUrl() throws InterruptedException {
    return "jdbc:mysql://127.0.0.1:" + database().port() + "/" + DATABASE;
  }

  /** Ends a node as a power cut would. */
  public void killNode(int node) throws InterruptedException {
    children.get(node - 1).killHard();
  }

  /** What has ended by itself since it was started, in words. */
  List<String> ended() {
    return children.stream()
        .filter(child -> !child.isAlive())
        .map(
            child ->
                "%s ended with exit code %d; its log is %s"
                    .formatted(child.name(), child.process().exitValue(), child.log()))
        .toList();
  }

  /** Stops all processes, the database last. The data stay. */
  @Override
  public void close() {
    closing.set(true);
    children.forEach(Child::askToStop);
    children.forEach(child -> child.awaitEnd(STOPPING));
    if (!databaseClaimed.compareAndSet(false, true)) {
      closeDatabase();
    }
  }

  /**
   * One that is still starting is waited for, but not long: Ctrl-C may have ended its process, and
   * what still runs when this process ends is stopped by its guard.
   */
  private void closeDatabase() {
    try {
      database.get(DATABASE_START.toSeconds(), TimeUnit.SECONDS).close();
    } catch (ExecutionException neverStarted) {
      log.debug("there is no database to stop", neverStarted);
    } catch (TimeoutException e) {
      log.info("the database is still starting; its guard stops it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
