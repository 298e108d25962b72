package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.client.Hayloft;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A check of all files where everything is real: disks that somebody damaged, nodes, HTTP, two
 * trackers. Nothing looks at the disks but the check: the nodes' own scrub is off.
 */
class CheckTest {

  private static final String ORPHAN = "bytes that are nobody's";
  private static final Duration DONE = Duration.ofSeconds(60);
  private static final Duration TAKEN_OVER = Duration.ofSeconds(30);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir static Path directory;

  private static LiveCluster cluster;
  private static Hayloft client;

  @BeforeAll
  static void start() {
    cluster =
        LiveCluster.start(
            new LiveCluster.Size(2, 3),
            DATABASE,
            Map.of("HAYLOFT_SCRUB_RATE_BYTES", "0", "HAYLOFT_LIMITS_USAGE_INTERVAL", "1s"),
            directory);
    client = cluster.client().build();
    cluster.ok("set_server_setting key=fsck_schedule&value=off");
    cluster.ok("set_server_setting key=fsck_schedule_full&value=off");
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
      cluster.close();
    }
  }

  /** A file and where its first two copies were. */
  private record Stored(String key, String content, Fid fid, int first, int second) {

    byte[] bytes() {
      return content.getBytes(UTF_8);
    }

    Path firstCopy() {
      return cluster.replica(first, fid);
    }

    Path secondCopy() {
      return cluster.replica(second, fid);
    }

    List<String> events(long after) throws SQLException {
      return Rows.of(
          DATABASE,
          "SELECT CONCAT(evcode, IFNULL(CONCAT(' ', devid), '')) FROM fsck_log WHERE fid = %s AND logid > %d ORDER BY logid"
              .formatted(fid, after));
    }

    List<Integer> devices() throws SQLException {
      return Rows.of(DATABASE, "SELECT devid FROM file_on WHERE fid = " + fid).stream()
          .map(Integer::valueOf)
          .toList();
    }

    void assertWhole() throws SQLException, IOException {
      assertThat(devices()).as(key).hasSize(2);
      for (int device : devices()) {
        assertThat(cluster.replica(device, fid)).hasBinaryContent(bytes());
      }
      assertThat(client.read(key)).isEqualTo(bytes());
    }
  }

  private static List<Stored> store(String prefix, int count) throws IOException, SQLException {
    var contents =
        IntStream.range(0, count).mapToObj(i -> (prefix + i + " ").repeat(50 + i)).toList();
    for (int i = 0; i < count; i++) {
      client.store(prefix + i, contents.get(i).getBytes(UTF_8));
    }
    awaitNothingToCopy();
    var files = new ArrayList<Stored>();
    for (int i = 0; i < count; i++) {
      var info = client.info(prefix + i).orElseThrow();
      var devices =
          Rows.of(
              DATABASE, "SELECT devid FROM file_on WHERE fid = " + info.fid() + " ORDER BY devid");
      assertThat(devices).as(prefix + i).hasSize(2);
      files.add(
          new Stored(
              prefix + i,
              contents.get(i),
              info.fid(),
              Integer.parseInt(devices.getFirst()),
              Integer.parseInt(devices.getLast())));
    }
    return files;
  }

  private static void awaitNothingToCopy() {
    Awaitility.await("all copies")
        .atMost(DONE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Rows.of(DATABASE, "SELECT fid FROM file_to_replicate").isEmpty());
  }

  private static long files() throws SQLException {
    return Rows.number(DATABASE, "SELECT COUNT(*) FROM file");
  }

  private static long newestEvent() throws SQLException {
    return Rows.number(DATABASE, "SELECT IFNULL(MAX(logid), 0) FROM fsck_log");
  }

  private static long runs() throws SQLException {
    return Rows.number(DATABASE, "SELECT COUNT(*) FROM hayloft_fsck_run");
  }

  /** Runs a check to its end; the report as the command line tells it. */
  private static JsonNode check(String terms) throws Exception {
    cluster.ok("hayloft_fsck_start " + terms);
    awaitEnd(0);
    return report();
  }

  private static void awaitEnd(int tracker) {
    Awaitility.await("the run is closed")
        .atMost(DONE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !"0".equals(cluster.fields(tracker, "hayloft_fsck_report").get("ended")));
  }

  private static JsonNode report() throws Exception {
    return new ObjectMapper().readTree(cluster.says("fsck", "report", "--json"));
  }

  private static Map<?, ?> events(JsonNode report) {
    return new ObjectMapper().convertValue(report.get("events"), Map.class);
  }

  private static void flipAByte(Path replica) throws IOException {
    var bytes = Files.readAllBytes(replica);
    bytes[bytes.length / 2] ^= 1;
    Files.write(replica, bytes);
  }

  /** A device of another host than that of any copy. */
  private static int thirdDevice(Stored file) {
    return IntStream.of(1, 3, 5)
        .filter(device -> host(device) != host(file.first()) && host(device) != host(file.second()))
        .findFirst()
        .orElseThrow();
  }

  private static int host(int device) {
    return (device + 1) / 2;
  }

  @Test
  void whatSomebodyDidToTheDisksIsFoundSaidAndMended() throws Exception {
    var files = store("damaged/", 7);
    var truncated = files.get(1);
    var missing = files.get(2);
    var lost = files.get(3);
    var flipped = files.get(4);
    var strayed = files.get(5);
    int elsewhere = thirdDevice(strayed);
    var orphans = orphans();
    Files.write(truncated.firstCopy(), Arrays.copyOf(truncated.bytes(), 17));
    Files.delete(missing.secondCopy());
    Files.delete(lost.firstCopy());
    Files.delete(lost.secondCopy());
    flipAByte(flipped.firstCopy());
    var there = cluster.replica(elsewhere, strayed.fid());
    Files.createDirectories(there.getParent());
    Files.move(strayed.firstCopy(), there);
    Files.delete(strayed.secondCopy());
    long before = newestEvent();

    var quick = check("checksums=0");

    assertThat(files.get(0).events(before)).isEmpty();
    assertThat(truncated.events(before)).containsExactly("BLEN " + truncated.first(), "REPL");
    assertThat(missing.events(before)).containsExactly("MISS " + missing.second(), "REPL");
    assertThat(lost.events(before))
        .containsExactly("MISS " + lost.first(), "MISS " + lost.second(), "SRCH", "GONE");
    assertThat(flipped.events(before)).as("of the same length").isEmpty();
    assertThat(strayed.events(before))
        .containsExactly(
            "MISS " + strayed.first(),
            "MISS " + strayed.second(),
            "SRCH",
            "FOND " + elsewhere,
            "REPL");
    assertThat(events(quick))
        .isEqualTo(Map.of("BLEN", 1, "MISS", 5, "SRCH", 2, "GONE", 1, "FOND", 1, "REPL", 3));
    assertReport(quick, "quick", lost);
    assertThat(quick.get("orphans_found").asInt()).isEqualTo(1);
    assertThat(quick.get("orphans_quarantined").asInt()).isEqualTo(1);
    assertThat(orphans.old()).as("old, and nobody's").doesNotExist();
    assertThat(quarantined(orphans.device(), orphans.oldFid()))
        .hasBinaryContent(ORPHAN.getBytes(UTF_8));
    assertThat(orphans.young()).as("young").hasBinaryContent(ORPHAN.getBytes(UTF_8));

    before = newestEvent();
    var full = check("checksums=1");

    assertThat(flipped.events(before)).containsExactly("BSUM " + flipped.first(), "REPL");
    assertThat(lost.events(before)).containsExactly("NOPA", "SRCH", "GONE");
    assertReport(full, "full", lost);
    assertThat(quarantined(flipped.first(), flipped.fid())).exists();
    awaitNothingToCopy();
    for (var file : List.of(files.get(0), truncated, missing, flipped, strayed, files.get(6))) {
      file.assertWhole();
    }
    assertThat(client.delete(lost.key())).isTrue();
    Files.delete(orphans.young());
  }

  private static void assertReport(JsonNode report, String depth, Stored lost) throws SQLException {
    assertThat(report.get("outcome").asText()).isEqualTo("finished");
    assertThat(report.get("depth").asText()).isEqualTo(depth);
    assertThat(report.get("checked").asLong()).isEqualTo(files());
    assertThat(report.get("stalled").asInt()).isZero();
    assertThat(report.get("lost").asInt()).isEqualTo(1);
    assertThat(report.get("lost_files")).hasSize(1);
    assertThat(report.get("lost_files").get(0).get("key").asText()).isEqualTo(lost.key());
    assertThat(report.get("lost_files").get(0).get("domain").asText())
        .isEqualTo(LiveCluster.DOMAIN);
  }

  /** Bytes on a device whose numbers are those of files that are deleted. */
  private record Orphans(int device, Fid oldFid, Fid youngFid) {

    Path old() {
      return cluster.replica(device, oldFid);
    }

    Path young() {
      return cluster.replica(device, youngFid);
    }
  }

  private static Orphans orphans() throws IOException, SQLException {
    var deleted = store("deleted/", 2);
    // The check goes up to the newest file, and these shall not be beyond.
    store("newest/", 1);
    for (var file : deleted) {
      assertThat(client.delete(file.key())).isTrue();
    }
    Awaitility.await("no bytes left")
        .atMost(DONE)
        .until(() -> Rows.of(DATABASE, "SELECT fid FROM file_to_delete2").isEmpty());
    var orphans = new Orphans(1, deleted.get(0).fid(), deleted.get(1).fid());
    Files.write(orphans.old(), ORPHAN.getBytes(UTF_8));
    Files.setLastModifiedTime(
        orphans.old(), FileTime.from(Instant.now().minus(Duration.ofHours(3))));
    Files.write(orphans.young(), ORPHAN.getBytes(UTF_8));
    return orphans;
  }

  private static Path quarantined(int device, Fid fid) {
    try (var kept = Files.walk(cluster.device(device).resolve("quarantine"))) {
      return kept.filter(file -> file.getFileName().toString().contains(fid.padded()))
          .findFirst()
          .orElse(cluster.device(device).resolve("quarantine/none of fid " + fid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNodeThatHangsIsNotOneThatLostItsFiles() throws Exception {
    var files = store("hung/", 12);
    long there =
        Rows.number(DATABASE, "SELECT COUNT(DISTINCT fid) FROM file_on WHERE devid IN (5, 6)");
    assertThat(there).isPositive();
    long before = newestEvent();
    cluster.node(3).freeze();
    try {
      var report = check("checksums=0");

      assertThat(report.get("stalled").asLong()).isEqualTo(there);
      assertThat(report.get("checked").asLong()).isEqualTo(files() - there);
      assertThat(report.get("lost").asLong()).isZero();
      assertThat(newestEvent()).as("events").isEqualTo(before);
    } finally {
      cluster.node(3).thaw();
    }
    Awaitility.await("the node is back")
        .atMost(DONE)
        .until(() -> cluster.writeableDevices(0) == 6 && cluster.writeableDevices(1) == 6);
    for (var file : files) {
      file.assertWhole();
    }
    var again = check("checksums=0");
    assertThat(again.get("stalled").asLong()).as("what the run before left").isZero();
    assertThat(again.get("checked").asLong()).isEqualTo(files());
  }

  @Test
  void aCheckGoesOnWhenItsTrackerIsKilledAndCountsEachFileOnce() throws Exception {
    var files = store("many/", 120);
    var damaged = IntStream.range(0, 12).mapToObj(i -> files.get(10 * i + 5)).toList();
    for (var file : damaged) {
      Files.delete(file.firstCopy());
    }
    long before = newestEvent();
    long runsBefore = runs();
    cluster.ok("set_server_setting key=queue_rate_for_fsck&value=25");
    cluster.fields(0, "clear_cache");
    cluster.fields(1, "clear_cache");
    cluster.ok("hayloft_fsck_start checksums=0");
    long from = files.getFirst().fid().value();
    Awaitility.await("some of the files are checked")
        .atMost(DONE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> position() > from + 20);
    int victim = moving();
    int survivor = 1 - victim;
    cluster.tracker(victim).killHard();
    long stood = position();
    assertThat(stood).as("not at its end").isLessThan(files.getLast().fid().value());
    try {
      Awaitility.await("the other goes on")
          .atMost(TAKEN_OVER)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> position() > stood);
      cluster.fields(survivor, "set_server_setting key=queue_rate_for_fsck&value=");
      awaitEnd(survivor);
    } finally {
      cluster.tracker(victim).launch().awaitListening();
    }

    var report = report();
    assertThat(report.get("outcome").asText()).isEqualTo("finished");
    assertThat(report.get("checked").asLong()).isEqualTo(files());
    assertThat(report.get("stalled").asLong()).isZero();
    assertThat(runs()).as("reports").isEqualTo(runsBefore + 1);
    for (var file : damaged) {
      assertThat(file.events(before)).containsExactly("MISS " + file.first(), "REPL");
    }
    assertThat(Rows.number(DATABASE, "SELECT COUNT(*) FROM fsck_log WHERE logid > " + before))
        .as("events in all")
        .isEqualTo(2L * damaged.size());
    awaitNothingToCopy();
    for (var file : files) {
      file.assertWhole();
    }
  }

  private static long position() throws SQLException {
    return Rows.number(
        DATABASE, "SELECT value FROM server_settings WHERE field = 'fsck_highest_fid_checked'");
  }

  /** The tracker that moves the check on. */
  private static int moving() throws SQLException {
    var owner = Rows.of(DATABASE, "SELECT owner FROM hayloft_lease WHERE name = 'fsck'").getFirst();
    for (int tracker = 0; tracker < 2; tracker++) {
      if (owner.endsWith(":" + cluster.tracker(tracker).pid())) {
        return tracker;
      }
    }
    throw new AssertionError("neither tracker is " + owner);
  }
}
