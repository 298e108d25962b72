package io.hayloft.bench.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.bench.tracker.talk.Fixed;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That each operation does what it says on a real tracker; the speeds mean nothing here. */
class SitesTest {

  private static final int FILES = 1020;
  private static final int FEW = 4;
  private static final int CLIENTS = 4;
  private static final Duration SHORT = Duration.ofMillis(50);

  private static Scratch scratch;
  private static Tasks tasks;
  private static Cluster cluster;
  private static HayloftSite ours;

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
    ours = HayloftSite.fill(cluster, tasks, FILES, 500);
  }

  @AfterAll
  static void stopCluster() throws Exception {
    ours.close();
    cluster.close();
    tasks.close();
    scratch.close();
  }

  private static Outcome once(Site site, Operation operation) throws InterruptedException {
    site.enter(operation);
    try (var loop = ClosedLoop.open(site.address(), CLIENTS, cluster.time())) {
      var act = site.prepare(operation, new LookUp.Draw(CLIENTS, 1), SHORT);
      var outcome = loop.run(act.dialogue(), SHORT);
      act.after(outcome, loop);
      return outcome;
    } finally {
      site.leave(operation);
    }
  }

  @Test
  void everyOperationIsAnsweredAndLeavesTheFilesAsTheyWere() throws Exception {
    for (var operation : Operation.values()) {
      // A tracker trusts a memcached only after half a minute.
      if (operation != Operation.PATHS_MEMCACHED) {
        assertThat(once(ours, operation).operations()).as(operation.option()).isPositive();
        assertThat(once(ours, Operation.FILE_INFO).operations()).isPositive();
      }
    }
  }

  @Test
  void anotherTrackerIsAskedForTheSameAndLeftAsItWas() throws Exception {
    var domains = cluster.operator().ok("get_domains").number("domains");
    var place = new OtherSite.Place("other", ours.address(), List.of(cluster.database().pid()));
    try (var other = OtherSite.fill(place, cluster.time(), new OtherSite.Files(FILES, 500))) {
      for (var operation : Operation.values()) {
        if (other.knows(operation)) {
          assertThat(once(other, operation).operations()).as(operation.option()).isPositive();
        }
      }
      assertThat(other.consumption().tracker()).isPositive();
    }
    assertThat(cluster.operator().ok("get_domains").number("domains")).isEqualTo(domains);
  }

  @Test
  void aFileThatIsMissingEndsTheMeasurement() throws Exception {
    var lone = HayloftSite.fill(cluster, tasks, FEW, 500);
    var key = lone.pool().key(FEW / 2);
    cluster.operator().ok("delete domain=" + Cluster.DOMAIN + "&key=" + key);

    assertThatThrownBy(() -> once(lone, Operation.FILE_INFO)).hasMessageContaining("unknown_key");
  }

  @Test
  void contestMeasuresEverySiteOverAllConnections() throws Exception {
    var said = new ArrayList<String>();
    var quick = new Settings(1, 1, 0, List.of(1, 3), FILES);
    var results =
        new Contest(List.of(ours), quick, cluster.time(), said::add).measure(Operation.NOOP);

    assertThat(results).extracting(Result::connections).containsExactly(1, 3);
    var run = results.getFirst().runs().getFirst();
    assertThat(run.outcome().operations()).isPositive();
    assertThat(run.trackerMicros()).isPositive();
    assertThat(run.askingMicros()).isPositive();
    assertThat(said).hasSize(2);
  }

  @Test
  void memoryIsThatOfConnectionsThatWait() throws Exception {
    var report = new TrackerReport(Map.of());
    new Memory(cluster, SHORT, _ -> {}).measure(List.of(500), report);

    assertThat(report.markdown())
        .contains("memory of each of 500 idle connections, KiB")
        .contains("connecting 500 clients, ms");
    try (var loop = ClosedLoop.open(ours.address(), 1, cluster.time())) {
      assertThat(loop.run(Fixed.noop(), SHORT).operations()).isPositive();
    }
  }
}
