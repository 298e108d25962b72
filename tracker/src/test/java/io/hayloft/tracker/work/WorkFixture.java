package io.hayloft.tracker.work;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.MemoryNativeNodes;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NoNativeNodes;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.RegistryStore.ClassTerms;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.hayloft.tracker.store.jdbc.DatabaseConfig;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.hayloft.tracker.work.delete.DeleteWorker;
import io.hayloft.tracker.work.fsck.FsckRunner;
import io.hayloft.tracker.work.fsck.FsckWorker;
import io.hayloft.tracker.work.monitor.Monitor;
import io.hayloft.tracker.work.rebalance.BatchMoving;
import io.hayloft.tracker.work.rebalance.MoveJobWorker;
import io.hayloft.tracker.work.rebalance.RebalanceInjector;
import io.hayloft.tracker.work.rebalance.RebalanceWorker;
import io.hayloft.tracker.work.replicate.CopyMaking;
import io.hayloft.tracker.work.replicate.CopyRequests;
import io.hayloft.tracker.work.replicate.CopySlots;
import io.hayloft.tracker.work.replicate.CopyWaits;
import io.hayloft.tracker.work.replicate.ReplicateWorker;
import io.hayloft.tracker.work.replicate.Replication;
import io.hayloft.tracker.work.scrub.FindingsWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A real database with a cluster in it, nodes in memory, and trackers that work on both. */
public final class WorkFixture implements AutoCloseable {

  public static final byte[] BYTES = "some bytes".getBytes(StandardCharsets.US_ASCII);

  private static final List<String> EMPTIED =
      List.of(
          "domain",
          "class",
          "file",
          "tempfile",
          "file_on",
          "checksum",
          "host",
          "device",
          "file_to_replicate",
          "file_to_delete2",
          "file_to_queue",
          "fsck_log",
          "hayloft_fsck_run",
          "hayloft_fsck_lost",
          "hayloft_attempt",
          "hayloft_device",
          "hayloft_lease",
          "hayloft_move_job");

  public final MemoryNodes nodes = new MemoryNodes();
  public final Tasks tasks = Tasks.virtual();
  private final StorageNodes used;
  private NativeNodes natives = new NoNativeNodes();
  private CopySources sources = CopySources.USUAL;
  private final TestDatabase database;
  private final JdbcStores jdbc;
  private final DomainId domain;

  /** With nodes in memory. */
  public WorkFixture(TestDatabase database) throws SQLException {
    this(database, null);
  }

  public WorkFixture(TestDatabase database, @Nullable StorageNodes real) throws SQLException {
    this.database = database;
    this.used = real == null ? nodes : real;
    clear();
    jdbc = open(database);
    domain = stores().registry().createDomain("d").id();
  }

  private WorkFixture(TestDatabase database, StorageNodes used, String domain) {
    this.database = database;
    this.used = used;
    this.jdbc = open(database);
    this.domain = stores().registry().load().domain(domain).orElseThrow().id();
  }

  /** Connections and threads of their own, as another process has, on the tables of another. */
  public static WorkFixture beside(TestDatabase database, StorageNodes nodes) {
    return new WorkFixture(database, nodes, "d");
  }

  private static JdbcStores open(TestDatabase database) {
    return JdbcStores.open(
        DatabaseConfig.of(database.url(), database.user(), database.password()),
        new SimpleMeterRegistry(),
        ChangeListener.NONE,
        Thread::startVirtualThread);
  }

  public DomainId domain() {
    return domain;
  }

  /** Tables are made once for each test class, and emptied for each test. */
  private void clear() throws SQLException {
    var tables =
        query(
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_name LIKE 'file%'");
    if (tables.isEmpty()) {
      database.clear();
      Schema.migrate(database.url(), database.user(), database.password());
    }
    for (var table : EMPTIED) {
      sql("DELETE FROM " + table);
    }
    sql("DELETE FROM server_settings WHERE field <> 'schema_version'");
  }

  /** The nodes of trackers made from now on are Hayloft's own; otherwise they are not. */
  public MemoryNativeNodes nativeNodes() {
    var all = new MemoryNativeNodes(nodes);
    natives = all;
    return all;
  }

  /** What trackers made from now on meet where nodes are Hayloft's own. */
  public void natives(NativeNodes all) {
    natives = all;
  }

  /** What plugins say of sources, to trackers made from now on. */
  public void sources(CopySources opinion) {
    sources = opinion;
  }

  public Stores stores() {
    return jdbc.stores();
  }

  public UpkeepStores upkeep() {
    return jdbc.upkeep();
  }

  /** A host with disks of these numbers. */
  public WorkFixture host(String name, int... disks) {
    int number = stores().registry().load().hosts().size() + 1;
    return host(name, "127.0.0." + number, 7500, disks);
  }

  public WorkFixture host(String name, String ip, int port, int... disks) {
    var host = stores().registry().createHost(name, HostStatus.ALIVE, HostAddresses.of(ip, port));
    for (int disk : disks) {
      stores().registry().createDevice(new DeviceId(disk), host, DeviceStatus.ALIVE);
    }
    return this;
  }

  public void mark(int device, DeviceStatus status) {
    stores().registry().setStatus(new DeviceId(device), status);
  }

  public ClassId fileClass(String name, int mindevcount, Optional<HashAlgorithm> hash) {
    return stores()
        .registry()
        .createClass(domain, new ClassTerms(name, mindevcount, Optional.empty(), hash))
        .id();
  }

  /** A file that was just uploaded to a device: queued for replication, its bytes there. */
  public Fid uploaded(String key, ClassId fileClass, int device) {
    var fid =
        stores()
            .uploads()
            .open(
                new Opening(domain, fileClass, key, List.of(new DeviceId(device))),
                Optional.empty())
            .orElseThrow();
    var file =
        new StoredFile(fid, new StoredFile.Name(domain, new Key(key)), BYTES.length, fileClass, 1);
    stores().uploads().close(new Finished(file, new DeviceId(device), Optional.empty()));
    nodes.store(device, fid.value(), BYTES);
    return fid;
  }

  /** An upload that is open: a client may have stored something on these devices. */
  public Fid opened(String key, int... devices) {
    var ids = Arrays.stream(devices).mapToObj(DeviceId::new).toList();
    return stores()
        .uploads()
        .open(new Opening(domain, ClassId.DEFAULT, key, ids), Optional.empty())
        .orElseThrow();
  }

  public Fid uploaded(String key, int device) {
    return uploaded(key, ClassId.DEFAULT, device);
  }

  /** A file of those bytes that has all its copies. */
  public Fid stored(String key, byte[] bytes, int... devices) throws SQLException {
    var fid = copied(key, devices);
    sql("UPDATE file SET length = " + bytes.length + " WHERE fid = " + fid);
    sql("DELETE FROM file_to_replicate WHERE fid = " + fid);
    for (int device : devices) {
      nodes.store(device, fid.value(), bytes);
    }
    return fid;
  }

  /** The same with further copies. */
  public Fid copied(String key, int... devices) {
    var fid = uploaded(key, devices[0]);
    for (int device : devices) {
      stores().replication().copied(fid, new DeviceId(device), Optional.empty());
      nodes.store(device, fid.value(), BYTES);
    }
    return fid;
  }

  public void delete(String key) {
    stores().files().delete(domain, new Key(key));
  }

  public List<Integer> on(Fid fid) {
    return stores().files().devices(fid).stream().map(DeviceId::value).sorted().toList();
  }

  /** A tracker of that name that has seen the cluster. */
  public Tracker tracker(String name) throws InterruptedException {
    return tracker(name, Time.system());
  }

  /**
   * @param probing the time by which devices are probed again
   */
  public Tracker tracker(String name, Time probing) throws InterruptedException {
    var time = Time.system();
    var monitor =
        new Monitor(
            new Monitor.Sources(stores().registry(), stores().leases(), used),
            new ClusterView.Defaults(100, 2),
            name,
            tasks,
            probing);
    monitor.refresh();
    var claims = new HeldClaims(upkeep().claims(), time);
    var waits =
        new CopyWaits(
            monitor, stores().files(), ReplicationPolicies.builtIn(), new Random(name.hashCode()));
    var replication =
        new Replication(
            monitor,
            new Replication.Parts(
                stores(),
                used,
                new CopySlots(CopySlots.Limits.USUAL, time),
                new CopyRequests(used, CopyRequests.Limits.USUAL, tasks, time),
                claims,
                new Replication.Told(new FailedAttempts(upkeep().attempts(), time), waits)),
            name,
            new Replication.Ambience(
                tasks,
                time,
                new Random(name.hashCode()),
                ReplicationPolicies.builtIn(),
                sources,
                new SimpleMeterRegistry()));
    return new Tracker(
        monitor,
        replication,
        claims,
        waits,
        new ReplicateWorker(replication, stores(), claims, tasks, new Workload()),
        new DeleteWorker(
            monitor,
            new DeleteWorker.Ports(
                stores().deletion(), used, claims, new FailedAttempts(upkeep().attempts(), time)),
            new DeleteWorker.Ambience(tasks, time, new SimpleMeterRegistry()),
            new Workload()));
  }

  /** The workers of a tracker that check and move files, on the machine of that name. */
  public Upkeep upkeep(Tracker tracker, String hostname) {
    var time = Time.system();
    var random = new Random(hostname.hashCode());
    var owner = hostname + ":1";
    var policies = ReplicationPolicies.builtIn();
    return new Upkeep(
        new FsckRunner(
            tracker.monitor(),
            new FsckRunner.Ports(stores(), upkeep(), natives, policies),
            new FsckRunner.Ambience(tasks, time, random, owner, hostname)),
        new FsckWorker(
            tracker.monitor(),
            new FsckWorker.Ports(
                stores(),
                upkeep(),
                used,
                natives,
                policies,
                new HeldClaims(upkeep().claims(), time)),
            new FsckWorker.Ambience(tasks, time, random, owner),
            new Workload()),
        new RebalanceInjector(
            tracker.monitor(),
            new RebalanceInjector.Ports(upkeep(), stores().leases()),
            new RebalanceInjector.Ambience(time, random, owner, hostname)),
        new RebalanceWorker(
            tracker.monitor(),
            new RebalanceWorker.Ports(
                stores().files(),
                upkeep().todo(),
                new HeldClaims(upkeep().claims(), time),
                moving(tracker, owner)),
            false,
            time,
            new Workload()),
        moveJobs(tracker, hostname));
  }

  /** What asks nodes for what they have found. */
  public FindingsWorker findings(Tracker tracker, String owner) {
    return new FindingsWorker(
        tracker.monitor(),
        new FindingsWorker.Ports(stores(), upkeep(), used, natives),
        new FindingsWorker.Ambience(tasks, Time.system(), new Random(owner.hashCode()), owner));
  }

  /** What carries jobs on in a tracker; moves are seen at once in how full devices are. */
  public MoveJobWorker moveJobs(Tracker tracker, String hostname) {
    return moveJobs(tracker, hostname, Time.system());
  }

  /**
   * @param pauses the time by which jobs are carried on again
   */
  public MoveJobWorker moveJobs(Tracker tracker, String hostname, Time pauses) {
    var owner = hostname + ":1";
    return new MoveJobWorker(
        tracker.monitor(),
        new MoveJobWorker.Ports(
            stores(), upkeep(), moving(tracker, owner), ReplicationPolicies.builtIn()),
        new MoveJobWorker.Ambience(
            tasks, pauses, new Random(hostname.hashCode()), owner, hostname, Duration.ZERO));
  }

  private BatchMoving moving(Tracker tracker, String owner) {
    var time = Time.system();
    var random = new Random(owner.hashCode());
    return new BatchMoving(
        tracker.monitor(),
        new BatchMoving.Ports(
            used,
            stores().files(),
            stores().replication(),
            new BatchMoving.Copies(
                new CopyRequests(used, CopyRequests.Limits.USUAL, tasks, time),
                new CopyMaking(used, stores().replication(), sources)),
            ReplicationPolicies.builtIn()),
        new BatchMoving.Exclusion(
            tracker.replication(), new FidLeases(stores().leases(), owner, time, random)),
        tasks,
        random,
        new RepeatedCauses(LoggerFactory.getLogger(BatchMoving.class), time));
  }

  /** Checking and moving. */
  public record Upkeep(
      FsckRunner fsckRunner,
      FsckWorker fsck,
      RebalanceInjector rebalanceInjector,
      RebalanceWorker rebalance,
      MoveJobWorker moves) {}

  /** The workers of one tracker. */
  public record Tracker(
      Monitor monitor,
      Replication replication,
      HeldClaims claims,
      CopyWaits waits,
      ReplicateWorker replicate,
      DeleteWorker delete) {

    /** Takes what is due once and waits until it is done. */
    public void replicateOnce() throws InterruptedException {
      var _ = replicate.step();
      Awaitility.await().until(() -> replication.underWay() == 0);
    }
  }

  public void sql(String statement) throws SQLException {
    try (var connection = database.connect();
        var jdbcStatement = connection.createStatement()) {
      jdbcStatement.execute(statement);
    }
  }

  /** The rows of a query, each as its columns with blanks between. */
  public List<String> query(String query) throws SQLException {
    var lines = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var line = new String[columns];
        for (int column = 0; column < columns; column++) {
          line[column] = rows.getString(column + 1);
        }
        lines.add(String.join(" ", Arrays.asList(line)));
      }
    }
    return lines;
  }

  @Override
  public void close() {
    tasks.close();
    jdbc.close();
  }
}
