package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.bench.tracker.talk.Uploading;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That files which are laid past the tracker cannot be told from uploads. */
class LaidFilesTest {

  private static final long FEW = 3_000;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration GLANCE = Duration.ofMillis(20);

  private static final List<String> POOLS = List.of("64M");

  private static Scratch scratch;
  private static Tasks tasks;
  private static Cluster cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    // Not below the directory for temporary files, where the database's data do not last.
    scratch = Scratch.in(Path.of("target", "smoke"), false);
    tasks = Tasks.virtual();
    var flags =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED");
    var settings =
        new ClusterSettings(scratch.path(), 3, flags, List.of())
            .with(new ClusterSettings.Storage(scratch.path().resolve("nodes"), "none"));
    cluster = Cluster.start(settings, Time.system());
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
    tasks.close();
    scratch.close();
  }

  private static Growing growing() {
    return new Growing(
        cluster,
        new Settings(List.of(FEW), POOLS, 1, 1, 0, new Settings.Clients(4, 8)),
        tasks,
        _ -> {});
  }

  /** An upload by the wire, and its second copy. */
  private static long upload() throws InterruptedException {
    var stored = new ArrayList<Long>();
    var body = ByteBuffer.allocate(Growing.FILE_BYTES);
    try (var loop = ClosedLoop.open(cluster.tracker().address(), 1, cluster.time())) {
      var left = new AtomicLong(1);
      var _ =
          loop.run(
              new Uploading(
                  new Target(Cluster.DOMAIN, Cluster.CLASS, new AtomicLong()),
                  "laid-",
                  () -> left.getAndDecrement() > 0 ? Crowd.storedKey(999_999) : -1,
                  body,
                  1,
                  (_, fid, _) -> stored.add(fid)),
              LONG);
    }
    cluster.await(
        LONG, GLANCE, "a second copy", () -> cluster.database().isReplicationQueueEmpty());
    return stored.getFirst();
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        cluster.database().url(), BenchDatabase.USER, BenchDatabase.PASSWORD);
  }

  /** The rows that all tables have of a file, by the tables, without what differs by its nature. */
  private static Map<String, List<String>> rowsOf(Fid fid) throws SQLException {
    var all = new TreeMap<String, List<String>>();
    try (var connection = connect()) {
      var tables = new ArrayList<String>();
      try (var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT table_name FROM information_schema.columns"
                      + " WHERE table_schema = DATABASE() AND column_name = 'fid'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("file", "file_on", "tempfile", "checksum", "file_to_replicate");
      for (var table : tables) {
        all.put(table, rowsOf(connection, table, fid));
      }
    }
    return all;
  }

  private static List<String> rowsOf(Connection connection, String table, Fid fid)
      throws SQLException {
    var found = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT * FROM " + table + " WHERE fid = " + fid)) {
      var columns = rows.getMetaData();
      while (rows.next()) {
        var text = new StringBuilder();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          text.append(columns.getColumnName(i)).append('=');
          text.append(
              switch (columns.getColumnName(i)) {
                case "fid" -> "its own";
                case "devid" -> "a device";
                case "dkey" -> rows.getString(i).replaceAll("[0-9]{10}", "its own");
                default -> rows.getString(i);
              });
          text.append(' ');
        }
        found.add(text.toString());
      }
    }
    Collections.sort(found);
    return found;
  }

  @Test
  void laidFilesHaveTheRowsThatAnUploadLeavesWhoseSecondCopyIsMade() throws Exception {
    long uploaded = upload();
    try (var growing = growing()) {
      growing.fill(FEW);

      var expected = rowsOf(new Fid(uploaded));
      assertThat(expected.get("file")).hasSize(1);
      assertThat(expected.get("file_on")).hasSize(2);
      for (long file : new long[] {0, 1, FEW / 2, FEW - 1}) {
        var fid = new Fid(growing.crowd().fid(file));
        assertThat(rowsOf(fid)).isEqualTo(expected);
        var hosts =
            cluster.database().devicesOf(fid).stream()
                .map(device -> cluster.nodeOf(device).number())
                .distinct()
                .toList();
        assertThat(hosts).hasSize(2);
      }
      assertThat(nextFid()).isGreaterThan(growing.crowd().fid(FEW - 1));
    } finally {
      cluster.database().forgetFiles();
    }
  }

  /** The number that the next upload gets. */
  private static long nextFid() {
    return cluster
        .operator()
        .ok("create_open domain=" + Cluster.DOMAIN + "&class=" + Cluster.CLASS + "&key=next")
        .number("fid");
  }

  @Test
  void everyLaidFileIsFoundByTheTracker() throws Exception {
    try (var growing = growing()) {
      growing.fill(FEW);
      var pool = growing.crowd().pool(Growing.FILE_BYTES);
      try (var loop = ClosedLoop.open(cluster.tracker().address(), 4, cluster.time())) {
        assertThat(loop.run(LookUp.all(pool, 4), LONG).operations()).isEqualTo(FEW);
      }
    } finally {
      cluster.database().forgetFiles();
    }
  }
}
