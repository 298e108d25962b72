package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.database.ServerBooks;
import io.hayloft.bench.growth.Measured.Operation;
import io.hayloft.bench.growth.Measured.Run;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That everything is done as it says, on a few files; the speeds mean nothing here. */
class GrowingTest {

  private static final long FEW = 3_000;
  private static final long MORE = 5_000;

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
            .with(new ClusterSettings.Storage(scratch.path().resolve("nodes"), "none"))
            .with(Map.of("HAYLOFT_JOBS_ENABLED", "no"));
    cluster = Cluster.start(settings, Time.system());
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
    tasks.close();
    scratch.close();
  }

  private static Growing growing(long... files) {
    var list = Arrays.stream(files).boxed().toList();
    return new Growing(
        cluster, new Settings(list, POOLS, 1, 1, 0, new Settings.Clients(4, 8)), tasks, _ -> {});
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        cluster.database().url(), BenchDatabase.USER, BenchDatabase.PASSWORD);
  }

  @Test
  void everythingIsMeasuredAtEveryNumberOfFilesAndReadsWriteNothing() throws Exception {
    try (var growing = growing(FEW, MORE)) {
      for (long files : new long[] {FEW, MORE}) {
        var levels = growing.levels(files);

        assertThat(levels).extracting(Level::pool).isEqualTo(POOLS);
        var level = levels.getFirst();
        assertThat(level.bytesOfAFile()).isBetween(50.0, 5000.0);
        assertThat(level.onDisk()).isPositive();
        for (var operation : Operation.values()) {
          assertThat(level.of(operation).median(Run::perSecond)).as("%s", operation).isPositive();
        }
        var reads = level.of(Operation.GET_PATHS).runs().getFirst().statements();
        assertThat(reads.get("Com_select")).isPositive();
        assertThat(reads).doesNotContainKeys("Com_insert", "Com_update", "Com_delete");
      }
    } finally {
      cluster.database().forgetFiles();
    }
  }

  @Test
  void aRowThatIsWrittenAmidReadsEndsTheMeasurement() throws Exception {
    var proof = new NothingWritten(new ServerBooks(cluster.database()));
    var number = new AtomicLong(5_000_000);
    assertThatThrownBy(
            () ->
                proof.during(
                    () -> {
                      update(
                          "INSERT INTO unreachable_fids VALUES ("
                              + number.getAndIncrement()
                              + ", 0)");
                      return number;
                    }))
        .hasMessageContaining("reads have written to the database")
        .hasMessageContaining("Com_insert=1")
        .hasMessageContaining("Handler_write=1");
    assertThat(number.get()).as("attempts").isEqualTo(5_000_003);
  }

  private static void update(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPageThatLacksKeysEndsTheMeasurement() throws Exception {
    try (var growing = growing(FEW)) {
      growing.fill(FEW);
      // So many of each page that it shows, and so few that each is full.
      update("DELETE FROM file WHERE fid MOD 30 = 0");
      assertThatThrownBy(() -> growing.read(Operation.LIST_KEYS))
          .hasMessageContaining("keys lack between");
    } finally {
      cluster.database().forgetFiles();
    }
  }

  @Test
  void pairsOfDevicesAreOnTwoHosts() {
    var pairs = Growing.pairs(cluster.liveNodes());
    assertThat(pairs).hasSize(12);
    assertThat(pairs)
        .allSatisfy(
            pair ->
                assertThat(cluster.nodeOf(new DeviceId(pair.one())))
                    .isNotEqualTo(cluster.nodeOf(new DeviceId(pair.other()))));
  }
}
