package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final int FILES = 16;
  private static final int ROUNDS = 12;
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
    fixture.upkeep().fsck().reset(false, 0);
    fixture.upkeep().fsck().start("m1");
    upkeeps.getFirst().fsckInjector().step();
    upkeeps.getFirst().fsckInjector().step();
    beginRebalance(trackers.getFirst());
    var deleted = ConcurrentHashMap.<String>newKeySet();

    for (int round = 0; round < ROUNDS; round++) {
      var steps = steps(trackers, upkeeps);
      var victim = "k" + random.nextInt(FILES);
      if (round % 3 == 2) {
        deleted.add(victim);
        steps.add(() -> fixture.delete(victim));
      }
      together(steps);
      makeAllDue();
      assertEachHasAGoodCopy(files, deleted, seed);
    }
    for (int round = 0; round < LAST_ROUNDS && !isQuiet(); round++) {
      together(steps(trackers, upkeeps));
      makeAllDue();
      assertEachHasAGoodCopy(files, deleted, seed);
    }

    assertThat(isQuiet()).as("seed " + seed).isTrue();
    assertThat(bytes()).as("seed " + seed).isEqualTo(rows());
    files.forEach(
        (key, fid) ->
            assertThat(fixture.on(fid))
                .as("seed " + seed + " " + key)
                .hasSize(deleted.contains(key) ? 0 : 2));
  }

  /** Files in all kinds of disorder, each with one good copy at least. */
  private Map<String, Fid> files(Random random) {
    var files = new TreeMap<String, Fid>();
    for (int i = 0; i < FILES; i++) {
      int first = 1 + random.nextInt(6);
      int second = 1 + random.nextInt(6);
      int third = 1 + random.nextInt(6);
      var fid = fixture.copied("k" + i, first, second, third);
      files.put("k" + i, fid);
      if (random.nextInt(3) == 0 && second != first) {
        fixture.nodes.lose(second, fid.value());
      }
      if (random.nextInt(3) == 0 && third != first) {
        fixture.nodes.store(third, fid.value(), new byte[2]);
      }
    }
    return files;
  }

  private void beginRebalance(WorkFixture.Tracker tracker) throws Exception {
    fixture.sql("DELETE FROM server_settings WHERE field = 'fsck_host'");
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
      steps.add(() -> upkeep.fsck().step());
      steps.add(() -> upkeep.rebalance().step());
      steps.add(() -> upkeep.rebalanceInjector().step());
    }
    return steps;
  }

  private void together(List<Step> steps) throws InterruptedException {
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

  private void assertEachHasAGoodCopy(Map<String, Fid> files, Set<String> deleted, long seed) {
    files.forEach(
        (key, fid) -> {
          if (!deleted.contains(key)) {
            assertThat(fixture.nodes.lengths(fid.value()))
                .as("seed " + seed + " " + key)
                .contains(WorkFixture.BYTES.length);
            assertThat(fixture.on(fid)).as("seed " + seed + " " + key).isNotEmpty();
          }
        });
  }

  private boolean isQuiet() throws SQLException {
    for (var queue : QUEUES) {
      if (!fixture.query("SELECT fid FROM " + queue).isEmpty()) {
        return false;
      }
    }
    return fixture.upkeep().rebalance().status().host().isEmpty();
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
