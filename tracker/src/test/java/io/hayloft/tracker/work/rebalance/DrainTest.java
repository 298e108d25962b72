package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.State;
import io.hayloft.tracker.store.MoveJob.Terms;
import io.hayloft.tracker.store.MoveJobStore;
import io.hayloft.tracker.store.MoveJobStore.Start;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device is emptied completely, and no file is worse kept for it. */
class DrainTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;
  private MoveJobStore jobs;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1, 2).host("b", 3).host("c", 4);
    jobs = fixture.upkeep().moves();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void allFilesLeaveTheDeviceAndKeepTheirCopies() throws Exception {
    var fids = files(300, 1, 3);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();

    run(tracker, job);

    for (var fid : fids) {
      assertThat(fixture.on(fid)).hasSize(2).contains(3).doesNotContain(1);
      assertThat(fixture.nodes.has(1, fid.value())).isFalse();
    }
    assertThat(fixture.nodes.replicas()).hasSize(600);
    assertThat(fixture.query("SELECT DISTINCT devcount FROM file")).containsExactly("2");
    assertThat(fixture.query("SELECT name FROM hayloft_lease WHERE name LIKE 'fid:%'")).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).isEmpty();
    var done = job(job);
    assertThat(done.note()).isEqualTo("dev1 is empty; it is safe to remove");
    assertThat(done.counts().moved().files()).isEqualTo(300);
    assertThat(done.counts().moved().bytes()).isEqualTo(300L * WorkFixture.BYTES.length);
    assertThat(done.counts().left().files()).isZero();
    assertThat(status(1)).isEqualTo("drain");
  }

  @Test
  void aFileThatCannotBeMovedIsTriedAgainAndSaidUntilItCan() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.nodes.device(2, Trouble.REFUSES);
    fixture.nodes.device(4, Trouble.REFUSES);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    var moves = fixture.moveJobs(tracker, "m1");

    moves.step();
    moves.step();

    assertThat(job(job).state()).isEqualTo(State.RUNNING);
    assertThat(job(job).note()).contains("1 file stays: ").contains("(fid " + fid + ")");
    assertThat(job(job).counts().filesKept()).isEqualTo(1);
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    fixture.nodes.allIsWell();
    tracker.monitor().refresh();
    run(tracker, job);
    assertThat(fixture.on(fid)).hasSize(2).doesNotContain(1);
  }

  @Test
  void whereNothingCanBeMovedPassesBecomeRare() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.nodes.device(2, Trouble.REFUSES);
    fixture.nodes.device(4, Trouble.REFUSES);
    var tracker = fixture.tracker("t");
    long began = System.nanoTime();
    long job = drain(1);
    tracker.monitor().refresh();
    var moves = fixture.moveJobs(tracker, "m1");

    for (int i = 0; i < 30; i++) {
      moves.step();
    }

    int seconds = (int) ((System.nanoTime() - began) / 1_000_000_000);
    assertThat(job(job).counts().position().pass()).isBetween(1, 3 + seconds);
  }

  /** A client was told to store on the device before it was to be emptied, and does so late. */
  @Test
  void anUploadThatWasBegunBeforeIsWaitedForAndCaught() throws Exception {
    var opened = fixture.opened("late", 1);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    var moves = fixture.moveJobs(tracker, "m1");
    long longAgo = 3_000;
    fixture.sql("UPDATE hayloft_move_job SET started = started - " + longAgo);
    moves.step();
    assertThat(job(job).state()).isEqualTo(State.RUNNING);
    assertThat(job(job).note()).contains("1 upload that may end here");

    fixture.sql("DELETE FROM tempfile WHERE fid = " + opened);
    var late = fixture.copied("late", 1, 3);
    run(tracker, job);

    assertThat(fixture.on(late)).hasSize(2).doesNotContain(1);
  }

  /** Other trackers may send uploads there for as long as they have not read the change. */
  @Test
  void itIsNotEmptyBeforeAllTrackersKnow() throws Exception {
    var tracker = fixture.tracker("t");
    long job = drain(1);

    fixture.moveJobs(tracker, "m1").step();

    assertThat(job(job).state()).isEqualTo(State.RUNNING);
  }

  @Test
  void whatWaitsToBeDeletedThereIsWaitedFor() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.delete("k");
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    fixture.sql("UPDATE hayloft_move_job SET started = started - 3000");
    fixture.moveJobs(tracker, "m1").step();
    assertThat(job(job).state()).isEqualTo(State.RUNNING);

    tracker.delete().step();
    run(tracker, job);

    assertThat(fixture.nodes.replicas()).isEmpty();
  }

  @Test
  void theLastGoodCopyStaysAndIsSaid() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(3, fid.value());
    fixture.mark(2, DeviceStatus.READONLY);
    fixture.mark(4, DeviceStatus.READONLY);
    fixture.sql("DELETE FROM file_to_replicate");
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();

    fixture.moveJobs(tracker, "m1").step();

    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(job(job).note()).contains("no device can take it");
  }

  /** The policy is content with copies that are only recorded; who removes looks at them. */
  @Test
  void aCopyIsNotRemovedForOneThatIsOnlyRecorded() throws Exception {
    var fid = fixture.copied("k", 1, 3, 4);
    fixture.nodes.lose(3, fid.value());
    fixture.sql("DELETE FROM file_to_replicate");
    var tracker = fixture.tracker("t");
    drain(1);
    tracker.monitor().refresh();

    fixture.moveJobs(tracker, "m1").step();

    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(fixture.on(fid)).contains(1);
  }

  /** Also where the node is one of those that are believed when replication makes copies. */
  @ParameterizedTest
  @EnumSource(names = {"KEEPS_HALF", "KEEPS_NOTHING"})
  void aCopyIsNotRemovedForOneThatANodeOnlySaysItMade(Trouble lie) throws Exception {
    var one = fixture.fileClass("one", 1, Optional.empty());
    var fid = fixture.uploaded("k", one, 1);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.nodes.device(3, lie);
    fixture.nodes.claimToVerifyCopies();
    fixture.nodes.device(2, lie);
    fixture.nodes.device(4, lie);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();

    fixture.moveJobs(tracker, "m1").step();

    assertThat(fixture.nodes.count("copy ")).isPositive();
    assertThat(fixture.nodes.lengths(fid.value())).contains(WorkFixture.BYTES.length);
    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(fixture.on(fid)).contains(1);
    assertThat(job(job).note())
        .contains("1 file stays: copies on other devices are not seen to be enough");
    assertThat(job(job).counts().moved().files()).isZero();
  }

  @Test
  void aRecordedCopyThatIsNotThereGoesWithoutOne() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    fixture.sql("DELETE FROM file_to_replicate");
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();

    run(tracker, job);

    assertThat(fixture.on(fid)).hasSize(2).contains(3).doesNotContain(1);
    assertThat(fixture.nodes.lengths(fid.value())).hasSize(2);
  }

  @Test
  void aStoppedDrainMakesTheDeviceWhatItWas() throws Exception {
    files(3, 1, 3);
    fixture.mark(2, DeviceStatus.READONLY);
    long first = drain(1);
    long second = drain(2);
    assertThat(status(1) + status(2)).isEqualTo("draindrain");

    assertThat(jobs.stop(first)).isTrue();
    assertThat(jobs.stop(second)).isTrue();

    assertThat(status(1)).isEqualTo("alive");
    assertThat(status(2)).isEqualTo("readonly");
    assertThat(job(first).state()).isEqualTo(State.STOPPED);
    assertThat(jobs.stop(first)).isFalse();
    var tracker = fixture.tracker("t");
    fixture.moveJobs(tracker, "m1").step();
    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid = 1")).hasSize(3);
  }

  @Test
  void whatAnOperatorChangesMeanwhileStaysAndEndsTheDrain() throws Exception {
    files(3, 1, 3);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    fixture.mark(1, DeviceStatus.DEAD);
    fixture.sql("UPDATE hayloft_move_job SET started = started - 3000");
    tracker.monitor().refresh();

    fixture.moveJobs(tracker, "m1").step();

    assertThat(job(job).state()).isEqualTo(State.STOPPED);
    assertThat(job(job).note()).contains("somebody made dev1 dead");
    assertThat(status(1)).isEqualTo("dead");
    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid = 1")).hasSize(3);
  }

  @Test
  void nothingIsMovedWhileItIsPaused() throws Exception {
    files(3, 1, 3);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    jobs.hold(job, true);

    fixture.moveJobs(tracker, "m1").step();
    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid = 1")).hasSize(3);
    assertThat(jobs.hold(job, false)).isTrue();

    run(tracker, job);
  }

  @Test
  void noMoreIsCopiedThanMayBe() throws Exception {
    files(50, 1, 3);
    var tracker = fixture.tracker("t");
    // A second's worth may go at once: ten files.
    long began = System.nanoTime();
    long job = started(jobs.start(Terms.drain(new DeviceId(1), 10L * WorkFixture.BYTES.length)));
    tracker.monitor().refresh();
    var moves = fixture.moveJobs(tracker, "m1");

    for (int i = 0; i < 25; i++) {
      moves.step();
    }

    long allowed = 12 + (System.nanoTime() - began) / 100_000_000;
    assertThat(job(job).counts().moved().files()).isBetween(10L, allowed);
  }

  @Test
  void anotherTrackerGoesOnWhereOneHasEnded() throws Exception {
    files(600, 1, 3);
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    fixture.moveJobs(tracker, "m1").step();
    assertThat(job(job).host()).isEqualTo("m1");
    assertThat(job(job).counts().moved().files()).isEqualTo(512);
    var other = fixture.tracker("u");
    var moves = fixture.moveJobs(other, "m2");

    moves.step();
    assertThat(job(job).counts().moved().files()).as("the first has the lease").isEqualTo(512);
    fixture.sql("UPDATE hayloft_lease SET expires_ms = 0 WHERE name = 'move:" + job + "'");
    fixture.moveJobs(other, "m2").step();

    assertThat(job(job).host()).isEqualTo("m2");
    assertThat(job(job).counts().moved().files()).isEqualTo(600);
    assertThat(job(job).counts().position().pass())
        .as("it went on where the first was")
        .isEqualTo(1);
  }

  /** Files of a tracker that died are free when their leases end, and are then moved as well. */
  @Test
  void filesThatSomebodyIsAtAreTriedAgain() throws Exception {
    var fid = files(1, 1, 3).getFirst();
    fixture.stores().leases().acquire("fid:" + fid, "another", java.time.Duration.ofHours(1));
    var tracker = fixture.tracker("t");
    long job = drain(1);
    tracker.monitor().refresh();
    fixture.moveJobs(tracker, "m1").step();
    assertThat(job(job).note()).contains("somebody else is at it");

    fixture.stores().leases().discard("fid:" + fid, "another");
    run(tracker, job);

    assertThat(fixture.on(fid)).doesNotContain(1);
  }

  @Test
  void severalDevicesAreEmptiedAtATime() throws Exception {
    files(20, 1, 3);
    files(20, 2, 4);
    var tracker = fixture.tracker("t");
    fixture.host("d", 5);
    long first = drain(1);
    long second = drain(2);
    tracker.monitor().refresh();
    tracker.monitor().refresh();

    run(tracker, first, second);

    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid IN (1, 2)")).isEmpty();
    assertThat(fixture.query("SELECT COUNT(*) FROM file_on")).containsExactly("80");
  }

  @Test
  void oneJobADeviceAndNoneForWhatCannotBeRead() {
    long job = drain(1);

    assertThat(jobs.start(Terms.drain(new DeviceId(1), 0))).isEqualTo(new Start.Running(job));
    assertThat(jobs.start(Terms.drain(new DeviceId(9), 0))).isEqualTo(new Start.NoDevice());
    fixture.mark(2, DeviceStatus.DOWN);
    assertThat(jobs.start(Terms.drain(new DeviceId(2), 0)))
        .isEqualTo(new Start.Unusable(DeviceStatus.DOWN));
    assertThat(status(2)).isEqualTo("down");
  }

  @Test
  void aDeviceThatARebalanceMovesFilesOffIsNotEmptiedAsWell() throws Exception {
    fixture.sql("INSERT INTO server_settings VALUES ('rebal_host', 'm1')");
    fixture.sql("INSERT INTO server_settings VALUES ('hayloft_rebal_former', '1=alive')");

    assertThat(jobs.start(Terms.drain(new DeviceId(1), 0))).isEqualTo(new Start.RebalanceRunning());
    assertThat(jobs.start(Terms.drain(new DeviceId(2), 0))).isInstanceOf(Start.Started.class);
    assertThat(jobs.start(Terms.even(2, 0, MoveJob.Scope.ALL)))
        .isEqualTo(new Start.RebalanceRunning());
  }

  private List<Fid> files(int count, int... devices) throws SQLException {
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < count; i++) {
      fids.add(fixture.copied("k" + devices[0] + "/" + i, devices));
    }
    fixture.sql("DELETE FROM file_to_replicate");
    return fids;
  }

  private long drain(int device) {
    return started(jobs.start(Terms.drain(new DeviceId(device), 0)));
  }

  private static long started(Start start) {
    return ((Start.Started) start).job().id();
  }

  private MoveJob job(long id) {
    return jobs.find(id).orElseThrow();
  }

  private String status(int device) {
    return fixture.stores().registry().load().devices().values().stream()
        .filter(each -> each.id().equals(new DeviceId(device)))
        .map(each -> each.status().wire())
        .findFirst()
        .orElse("");
  }

  /** Until the jobs are done; as if they had been started a while ago. */
  private void run(WorkFixture.Tracker tracker, long... ids) throws Exception {
    fixture.sql("UPDATE hayloft_move_job SET started = started - 3000");
    runAt(tracker, "m1");
    for (long id : ids) {
      assertThat(job(id).state()).as(job(id).toString()).isEqualTo(State.DONE);
    }
  }

  /** A worker that begins anew does not wait. */
  private void runAt(WorkFixture.Tracker tracker, String hostname) throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      fixture.moveJobs(tracker, hostname).step();
    }
  }
}
