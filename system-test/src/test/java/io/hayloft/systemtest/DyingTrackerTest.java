package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftException;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tracker is killed while it replicates, deletes, reaps a dead device, rebalances another and
 * drains a third, at a moment that is drawn. Another goes on with all of it within half a minute;
 * nothing is lost, and nothing is left over. {@code -Dhayloft.kills=…} has it die more often.
 */
class DyingTrackerTest {

  private static final Logger log = LoggerFactory.getLogger(DyingTrackerTest.class);
  private static final int KILLS = Integer.getInteger("hayloft.kills", 1);
  private static final int FILES = 240;
  private static final Duration TAKEN_OVER = Duration.ofSeconds(30);
  private static final Duration DONE = Duration.ofSeconds(90);

  /** Bytes a second, so that a drain is under way for a while. */
  private static final int DRAINING = 16_000;

  /** Copies that are under way when a tracker dies may be made without anybody's knowledge. */
  private static final int STRAYS = 256;

  private static final String OTHERS_THAN_TWO =
      "SELECT fid, GROUP_CONCAT(devid) FROM file_on GROUP BY fid HAVING COUNT(*) <> 2";

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  @Test
  void anotherTrackerGoesOnWithAllWork() throws Exception {
    long seed = Long.getLong("hayloft.kills.seed", System.nanoTime());
    var random = new Random(seed);
    try (var cluster = LiveCluster.start(new LiveCluster.Size(2, 3), DATABASE, directory);
        var client = cluster.client().build()) {
      cluster.ok("set_server_setting key=queue_rate_for_reaper&value=12");
      cluster.ask(1, "!want 0 job_master");
      var files = new Traffic(client);
      for (int kill = 0; kill < KILLS; kill++) {
        log.info("kill {} of {}, seed {}", kill + 1, KILLS, seed);
        new Round(cluster, files, kill).run(random.nextInt(1500));
      }
    }
  }

  /** One death, with devices of its own to be lost and to be emptied. */
  private static final class Round {

    private final LiveCluster cluster;
    private final Traffic files;
    private final int victim;
    private final int survivor;
    private final int lost;
    private final int emptied;
    private final int drained;
    private String drain = "";

    Round(LiveCluster cluster, Traffic files, int number) {
      this.cluster = cluster;
      this.files = files;
      this.victim = number % 2;
      this.survivor = 1 - victim;
      this.lost = 100 + 2 * number;
      this.emptied = 101 + 2 * number;
      this.drained = 1001 + 2 * number;
    }

    void run(int delayMillis) throws Exception {
      addDevices();
      files.storeSome(FILES);
      awaitNothingQueued(DONE);
      cluster.ask(victim, "!want 0 job_master");
      cluster.ok("set_state host=node1&device=%d&state=dead".formatted(lost));
      cluster.ok("rebalance_set_policy policy=from_devices%3D" + emptied);
      cluster.ok("rebalance_start");
      drain =
          cluster
              .fields(
                  0,
                  "hayloft_move_start kind=drain&host=node3&device=%d&rate=%d"
                      .formatted(drained, DRAINING))
              .get("job");
      int before = onDevice(lost);
      assertThat(before).as("files on the device that is lost").isGreaterThan(12);
      int toMove = onDevice(drained);
      cluster.ask(victim, "!want 1 job_master");
      try (var _ = files.flow()) {
        Awaitility.await("the first files of the lost device and of the one that is drained")
            .atMost(Duration.ofSeconds(40))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> onDevice(lost) < before && onDevice(drained) < toMove);
        var _ = new CountDownLatch(1).await(delayMillis, TimeUnit.MILLISECONDS);
        cluster.tracker(victim).killHard();
      }
      takeOver(System.nanoTime());
      checkPlaces();
      everythingIsAsItShouldBe();
      cluster.tracker(victim).launch().awaitListening();
    }

    private void addDevices() throws IOException {
      Files.createDirectories(cluster.docroot(1).resolve("dev" + lost));
      Files.createDirectories(cluster.docroot(2).resolve("dev" + emptied));
      Files.createDirectories(cluster.docroot(3).resolve("dev" + drained));
      cluster.ok("create_device hostname=node1&devid=%d&state=alive".formatted(lost));
      cluster.ok("create_device hostname=node2&devid=%d&state=alive".formatted(emptied));
      cluster.ok("create_device hostname=node3&devid=%d&state=alive".formatted(drained));
      Awaitility.await("new devices writeable")
          .atMost(Duration.ofSeconds(40))
          .until(() -> cluster.writeableDevices(victim) >= 9);
    }

    private void takeOver(long died) throws Exception {
      int dead = onDevice(lost);
      int toMove = onDevice(drained);
      assertThat(toMove).as("files left on the device that is drained").isPositive();
      var claimed = claimed();
      cluster.ask(survivor, "!want 1 job_master");
      Awaitility.await("what was claimed is done, the lost device's files and the drain go on")
          .atMost(TAKEN_OVER)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () ->
                  (dead == 0 || onDevice(lost) < dead)
                      && onDevice(drained) < toMove
                      && claimed().stream().noneMatch(claimed::contains));
      log.info("{} rows taken over after {} ms", claimed.size(), millisSince(died));
      cluster.ask(survivor, "hayloft_move_limit job=" + drain + "&rate=0");
      awaitDrained();
      awaitNothingQueued(DONE);
      log.info("all done after {} ms", millisSince(died));
    }

    private void awaitDrained() {
      Awaitility.await("the device is empty")
          .atMost(DONE)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(
              () ->
                  assertThat(cluster.fields(survivor, "hayloft_move_status job=" + drain))
                      .containsEntry("job1_state", "done"));
    }

    /** A move that was cut off after its copy leaves one too many, which the next check finds. */
    private void checkPlaces() throws SQLException {
      log.info("{} have a copy too many", query(OTHERS_THAN_TWO));
      cluster.ask(survivor, "fsck_reset policy_only=1&startpos=0");
      cluster.ask(survivor, "fsck_start");
      awaitNothingQueued(DONE);
    }

    private long millisSince(long nanos) {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Rows that somebody has taken and not yet dealt with. */
    private Set<String> claimed() throws SQLException {
      var claimed = new HashSet<String>();
      for (var queue : List.of("file_to_replicate", "file_to_delete2", "file_to_queue")) {
        query(
                "SELECT fid, nexttry, failcount FROM "
                    + queue
                    + " WHERE nexttry > UNIX_TIMESTAMP() AND nexttry < 2147483647")
            .forEach(row -> claimed.add(queue + " " + row));
      }
      return claimed;
    }

    private int onDevice(int device) throws SQLException {
      return Integer.parseInt(
          query("SELECT COUNT(*) FROM file_on WHERE devid = " + device).getFirst());
    }

    private void awaitNothingQueued(Duration limit) {
      Awaitility.await("nothing left to do")
          .atMost(limit)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(
              () ->
                  assertThat(
                          query(
                              "SELECT 'replicate', CONCAT_WS(' ', fid,"
                                  + " CAST(nexttry AS SIGNED) - UNIX_TIMESTAMP(),"
                                  + " failcount) FROM file_to_replicate UNION ALL SELECT 'delete',"
                                  + " fid FROM file_to_delete2 UNION ALL SELECT 'move', fid FROM"
                                  + " file_to_queue UNION ALL SELECT 'lost', fid FROM file_on JOIN"
                                  + " device USING (devid) WHERE status = 'dead' UNION ALL SELECT"
                                  + " field, value FROM server_settings WHERE field IN"
                                  + " ('rebal_host', 'fsck_host')"))
                      .isEmpty());
    }

    private void everythingIsAsItShouldBe() throws Exception {
      files.assertReadable();
      assertThat(query(OTHERS_THAN_TWO)).as("files that do not have two copies").isEmpty();
      assertThat(onDevice(drained)).as("copies on the device that was drained").isZero();
      assertThat(
              query("SELECT f.fid FROM file_on o LEFT JOIN file f USING (fid) WHERE f.fid IS NULL"))
          .as("copies of no file")
          .isEmpty();
      var rows = new HashSet<>(query("SELECT devid, LPAD(fid, 10, '0') FROM file_on"));
      var disks = new ArrayList<String>();
      for (var file : cluster.replicasOnDisk()) {
        if (!file.toString().contains("/dev" + lost + "/")) {
          disks.add(place(file));
        }
      }
      assertThat(disks).as("bytes").containsAll(rows).doesNotHaveDuplicates();
      var strays = new HashSet<>(disks);
      strays.removeAll(rows);
      strays.removeIf(each -> isOnDeadDevice(each));
      log.info("{} copies that no row names", strays.size());
      assertThat(strays).as("copies that no row names").hasSizeLessThanOrEqualTo(STRAYS);
    }

    private boolean isOnDeadDevice(String place) {
      int device = Integer.parseInt(place.split(" ", -1)[0]);
      return device >= 100 && device % 2 == 0;
    }

    /** As a row says it: {@code 3 0000000017}. */
    private static String place(Path file) {
      var names = new ArrayList<String>();
      file.forEach(name -> names.add(name.toString()));
      var device =
          names.stream().filter(name -> name.matches("dev[0-9]+")).findFirst().orElseThrow();
      return device.substring(3) + " " + names.getLast().replace(".fid", "");
    }
  }

  /** Files that come and go. */
  private static final class Traffic {

    private final Hayloft client;
    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private int next;

    Traffic(Hayloft client) {
      this.client = client;
    }

    void storeSome(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        store("file/" + next++);
      }
    }

    private void store(String key) throws IOException {
      var bytes = (key + " ").repeat(300).getBytes(UTF_8);
      client.store(key, bytes);
      stored.put(key, bytes);
    }

    /** New files, and others deleted, until it is closed. */
    Flow flow() {
      return new Flow(this);
    }

    void assertReadable() throws IOException {
      for (var file : new TreeMap<>(stored).entrySet()) {
        assertThat(client.read(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
      }
    }
  }

  /** Traffic in a thread of its own. */
  private static final class Flow implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final Traffic traffic;
    private final Thread thread;

    Flow(Traffic traffic) {
      this.traffic = traffic;
      this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      var old = new ArrayList<>(traffic.stored.keySet());
      while (!over.get()) {
        try {
          traffic.storeSome(1);
          if (old.size() > FILES / 2) {
            var key = old.removeLast();
            traffic.stored.remove(key);
            delete(key);
          }
        } catch (IOException notAcknowledged) {
          // Whether it is there or not, nobody was promised anything.
        }
      }
    }

    /** Until it is known to be gone: a deletion whose answer was lost may not have happened. */
    private void delete(String key) throws HayloftException {
      for (int attempt = 0; ; attempt++) {
        try {
          var _ = traffic.client.delete(key);
          return;
        } catch (HayloftException lost) {
          if (attempt > 5) {
            throw lost;
          }
        }
      }
    }

    @Override
    public void close() {
      over.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static List<String> query(String sql) throws SQLException {
    return Rows.of(DATABASE, sql);
  }
}
