package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two trackers replicate, delete, check and move the same files at the same time. A file that is
 * not deleted always has a good copy; in the end all are where they should be.
 */
class UpkeepConvergenceTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int FILES = 20;
  private static final int ROUNDS = 15;
  private static final int LAST_ROUNDS = 30;
  private static final List<String> QUEUES =
      List.of("file_to_replicate", "file_to_delete2", "file_to_queue");

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1, 2).host("b", 3, 4).host("c", 5).host("d", 6);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverHappensAtTheSameTimeNoFileLosesItsLastGoodCopy(long seed) throws Exception {
    var random = new Random(seed);
    var files = files(random);
    var trackers = List.of(fixture.tracker("t1"), fixture.tracker("t2"));
    var upkeeps =
        List.of(fixture.upkeep(trackers.get(0), "m1"), fixture.upkeep(trackers.get(1), "m2"));
    beginRebalance(trackers.getFirst());
    var living = new TreeMap<>(files);

    for (int round = 1; round <= ROUNDS; round++) {
      var steps = steps(trackers, upkeeps);
      if (round % 3 == 0) {
        var victim = "k" + random.nextInt(FILES);
        living.remove(victim);
        steps.add(() -> fixture.delete(victim));
      }
      if (round % 5 == 0) {
        beginCheck();
      }
      together(steps, trackers);
      assertEachHasAGoodCopy(living, seed);
      living.values().forEach(fid -> damage(fid, random));
    }
    beginCheck();
    for (int round = 0; round < LAST_ROUNDS && !isQuiet(); round++) {
      together(steps(trackers, upkeeps), trackers);
      assertEachHasAGoodCopy(living, seed);
    }

    assertThat(isQuiet()).as("seed " + seed).isTrue();
    assertThat(bytes()).as("seed " + seed).isEqualTo(rows());
    files.forEach(
        (key, fid) ->
            assertThat(fixture.on(fid))
                .as("seed " + seed + " " + key)
                .hasSize(living.containsKey(key) ? 2 : 0));
  }

  /** A good copy that is not the last one goes bad, sometimes. */
  private void damage(Fid fid, Random random) {
    var good =
        fixture.nodes.replicas().stream()
            .filter(path -> path.fid().equals(fid))
            .filter(path -> fixture.nodes.length(path) == WorkFixture.BYTES.length)
            .sorted(Comparator.comparing(ReplicaPath::device))
            .toList();
    if (good.size() > 1 && random.nextInt(4) == 0) {
      int device = good.get(random.nextInt(good.size())).device().value();
      if (random.nextBoolean()) {
        fixture.nodes.lose(device, fid.value());
      } else {
        fixture.nodes.store(device, fid.value(), new byte[2]);
      }
    }
  }

  /** Beside a rebalance, which an operator could not do. */
  private void beginCheck() {
    fixture.upkeep().fsck().reset(false, 0);
    fixture.stores().registry().set("fsck_host", Optional.of("m1"));
  }

  /** Files with too many copies, of which most are bad and one is good. */
  private Map<String, Fid> files(Random random) {
    var files = new TreeMap<String, Fid>();
    for (int i = 0; i < FILES; i++) {
      var devices = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6));
      Collections.shuffle(devices, random);
      var fid =
          fixture.copied("k" + i, devices.get(0), devices.get(1), devices.get(2), devices.get(3));
      files.put("k" + i, fid);
      for (int device : devices.subList(1, 4)) {
        switch (random.nextInt(3)) {
          case 0 -> fixture.nodes.lose(device, fid.value());
          case 1 -> fixture.nodes.store(device, fid.value(), new byte[2]);
          default -> {}
        }
      }
    }
    return files;
  }

  private void beginRebalance(WorkFixture.Tracker tracker) {
    var text = "from_devices=1,3,5";
    var policy = RebalancePolicy.stored(text).orElseThrow();
    var rebalance = fixture.upkeep().rebalance();
    rebalance.setPolicy(text);
    rebalance.start(
        "m1",
        (_, _) -> RebalanceState.first(policy.sources(tracker.monitor().view()), policy).text());
  }

  /** Something that a tracker does. */
  private interface Step {
    void run() throws InterruptedException;
  }

  private static List<Step> steps(
      List<WorkFixture.Tracker> trackers, List<WorkFixture.Upkeep> upkeeps) {
    var steps = new ArrayList<Step>();
    for (var tracker : trackers) {
      steps.add(() -> tracker.replicate().step());
      steps.add(() -> tracker.delete().step());
      steps.add(() -> tracker.monitor().refresh());
    }
    for (var upkeep : upkeeps) {
      steps.add(() -> upkeep.fsckRunner().step());
      steps.add(() -> upkeep.fsck().step());
      steps.add(() -> upkeep.rebalance().step());
      steps.add(() -> upkeep.rebalanceInjector().step());
    }
    return steps;
  }

  /** All at once; returns when no copy is under way any more, with all that is queued due. */
  private void together(List<Step> steps, List<WorkFixture.Tracker> trackers) throws Exception {
    var _ =
        fixture.tasks.forEach(
            steps,
            steps.size(),
            step -> {
              try {
                step.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return true;
            });
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> trackers.stream().allMatch(each -> each.replication().underWay() == 0));
    makeAllDue();
  }

  private void makeAllDue() throws SQLException {
    for (var queue : QUEUES) {
      makeDue(queue);
    }
  }

  /** Copies that are still being made write to the queues as well, and one of two may lose. */
  private void makeDue(String queue) throws SQLException {
    for (int attempt = 0; ; attempt++) {
      try {
        fixture.sql("UPDATE " + queue + " SET nexttry = 0 WHERE nexttry < 2147483647");
        return;
      } catch (SQLTransactionRollbackException lost) {
        if (attempt > 20) {
          throw lost;
        }
      }
    }
  }

  private void assertEachHasAGoodCopy(Map<String, Fid> living, long seed) {
    living.forEach(
        (key, fid) -> {
          assertThat(fixture.nodes.lengths(fid.value()))
              .as("seed " + seed + " " + key)
              .contains(WorkFixture.BYTES.length);
          assertThat(fixture.on(fid)).as("seed " + seed + " " + key).isNotEmpty();
        });
  }

  private boolean isQuiet() throws SQLException {
    for (var queue : QUEUES) {
      if (!fixture.query("SELECT fid FROM " + queue).isEmpty()) {
        return false;
      }
    }
    return fixture.upkeep().rebalance().status().host().isEmpty()
        && fixture.upkeep().fsck().host().isEmpty();
  }

  private List<String> rows() throws SQLException {
    return fixture.query("SELECT fid, devid FROM file_on ORDER BY fid, devid");
  }

  /** The good copies that there are. */
  private List<String> bytes() {
    return fixture.nodes.replicas().stream()
        .filter(path -> fixture.nodes.length(path) == WorkFixture.BYTES.length)
        .sorted(Comparator.comparing(ReplicaPath::fid).thenComparing(ReplicaPath::device))
        .map(path -> path.fid() + " " + path.device())
        .toList();
  }
}
