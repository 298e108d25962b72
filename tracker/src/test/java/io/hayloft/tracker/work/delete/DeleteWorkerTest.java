package io.hayloft.tracker.work.delete;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.AttemptStore.Attempt;
import io.hayloft.tracker.work.FailedAttempts;
import io.hayloft.tracker.work.WorkFixture;
import io.hayloft.tracker.work.Workload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeleteWorkerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE).host("a", 1, 2).host("b", 3);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void deletedFileLeavesNoBytes() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.copied("k" + i, 1, 3);
      fixture.delete("k" + i);
    }
    assertThat(fixture.nodes.replicas()).hasSize(40);

    fixture.tracker("t").delete().step();

    assertThat(fixture.nodes.replicas()).isEmpty();
    assertThat(queue()).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_on")).isEmpty();
  }

  @Test
  void aFileThatHasANameAgainIsNotDeleted() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("INSERT INTO file_to_delete2 (fid, nexttry) SELECT fid, 0 FROM file");

    fixture.tracker("t").delete().step();

    assertThat(fixture.nodes.replicas()).hasSize(2);
    assertThat(queue()).isEmpty();
  }

  @Test
  void bytesOnLostDevicesAreForgotten() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.sql("INSERT INTO file_on (fid, devid) VALUES (" + fid + ", 77)");
    fixture.delete("k");
    fixture.mark(3, DeviceStatus.DEAD);

    fixture.tracker("t").delete().step();

    assertThat(queue()).isEmpty();
    assertThat(fixture.nodes.has(1, fid.value())).isFalse();
    assertThat(fixture.nodes.count("delete /dev3/")).isZero();
  }

  @Test
  void whatIsDownIsRetriedAndTheRestIsDone() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.delete("k");
    fixture.mark(3, DeviceStatus.DOWN);
    var tracker = fixture.tracker("t");

    tracker.delete().step();

    assertThat(fixture.on(fid)).containsExactly(3);
    assertDelay(fid, 1, 600);
    fixture.mark(3, DeviceStatus.ALIVE);
    tracker.monitor().refresh();
    fixture.sql("UPDATE file_to_delete2 SET nexttry = 0");
    tracker.delete().step();
    assertThat(fixture.nodes.replicas()).isEmpty();
    assertThat(queue()).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_on")).isEmpty();
    assertThat(fixture.upkeep().attempts().of(fid)).isEmpty();
  }

  @Test
  void aNodeThatRefusesIsRetriedInHalfAnHour() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.delete("k");
    var tracker = fixture.tracker("t");
    fixture.nodes.device(1, Trouble.REFUSES);

    tracker.delete().step();

    assertThat(fixture.on(fid)).containsExactly(1);
    assertDelay(fid, 1, 1800);
    assertThat(fixture.upkeep().attempts().of(fid)).extracting(Attempt::why).contains("trouble");
  }

  @Test
  void aDeviceThatThisTrackerHasNotSeenYetIsNotForgotten() throws Exception {
    var tracker = fixture.tracker("t");
    fixture
        .stores()
        .registry()
        .createDevice(
            new DeviceId(9),
            fixture.stores().registry().load().host("b").orElseThrow().id(),
            DeviceStatus.ALIVE);
    var fid = fixture.copied("k", 9);
    fixture.delete("k");

    tracker.delete().step();

    assertThat(fixture.on(fid)).containsExactly(9);
    assertDelay(fid, 1, 600);
  }

  @Test
  void aHostThatFailsSlowlyIsLeftAloneAfterOneList() throws Exception {
    assertThat(deletionsTried(Duration.ofSeconds(2))).isEqualTo(500);
  }

  @Test
  void aHostThatFailsAtOnceIsAskedForAll() throws Exception {
    assertThat(deletionsTried(Duration.ZERO)).isEqualTo(600);
  }

  /**
   * Of 600 files on one host, which fails, where so much time goes by at each look at the clock.
   */
  private long deletionsTried(Duration tick) throws Exception {
    var fids = IntStream.rangeClosed(1001, 1600).boxed().toList();
    fixture.sql("INSERT INTO file_on VALUES " + rows(fids, "(%d, 1)"));
    fixture.sql(
        "INSERT INTO file_to_delete2 (fid, nexttry, failcount) VALUES " + rows(fids, "(%d, 0, 0)"));
    var tracker = fixture.tracker("t");
    fixture.nodes.device(1, Trouble.REFUSES);
    var time = new TickingTime(tick);
    new DeleteWorker(
            tracker.monitor(),
            new DeleteWorker.Ports(
                fixture.stores().deletion(),
                fixture.nodes,
                tracker.claims(),
                new FailedAttempts(fixture.upkeep().attempts(), time)),
            new DeleteWorker.Ambience(fixture.tasks, time, new SimpleMeterRegistry()),
            new Workload())
        .step();
    return fixture.nodes.count("delete");
  }

  private static String rows(List<Integer> fids, String row) {
    return fids.stream().map(row::formatted).collect(Collectors.joining(","));
  }

  @Test
  void anUploadThatNobodyClosedIsCleanedAway() throws Exception {
    var open = fixture.opened("k", 1, 3);
    fixture.nodes.store(1, open.value(), WorkFixture.BYTES);
    var closed = fixture.uploaded("other", 2);
    var worker =
        new ExpiredUploadsWorker(fixture.stores().uploads(), fixture.stores().leases(), "t");
    worker.step();
    assertThat(fixture.query("SELECT fid FROM tempfile WHERE fid = " + open)).hasSize(1);

    fixture.sql("UPDATE tempfile SET createtime = createtime - 3601");
    assertThat(
            new ExpiredUploadsWorker(fixture.stores().uploads(), fixture.stores().leases(), "u")
                .step()
                .pause())
        .as("another tracker has the lease")
        .isPositive();
    assertThat(fixture.query("SELECT fid FROM tempfile WHERE fid = " + open)).hasSize(1);
    worker.step();
    fixture.tracker("t").delete().step();

    assertThat(fixture.query("SELECT fid FROM tempfile WHERE fid = " + open)).isEmpty();
    assertThat(fixture.nodes.has(1, open.value())).isFalse();
    assertThat(fixture.nodes.has(2, closed.value())).isTrue();
  }

  private List<String> queue() throws SQLException {
    return fixture.query("SELECT fid FROM file_to_delete2");
  }

  private void assertDelay(Fid fid, int failures, int seconds) throws SQLException {
    var row =
        fixture.query(
            "SELECT failcount, CAST(nexttry AS SIGNED) - UNIX_TIMESTAMP()"
                + " FROM file_to_delete2 WHERE fid = "
                + fid);
    assertThat(row).hasSize(1);
    var words = row.getFirst().split(" ");
    assertThat(words[0]).isEqualTo(String.valueOf(failures));
    assertThat(Integer.parseInt(words[1])).isBetween(seconds - 5, seconds);
  }
}
