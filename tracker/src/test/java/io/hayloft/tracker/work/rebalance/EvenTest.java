package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.Scope;
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

/** Devices become about equally full, and no file is worse kept for it. */
class EvenTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final byte[] MIB = new byte[1 << 20];

  private WorkFixture fixture;
  private MoveJobStore jobs;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1).host("b", 2).host("c", 3).host("d", 4);
    jobs = fixture.upkeep().moves();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** Two full devices and two empty ones: 40 of 1000 MiB between them. */
  private List<Fid> unequal() throws SQLException {
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < 40; i++) {
      fids.add(fixture.stored("k" + i, MIB, 1, 2));
    }
    for (int device = 1; device <= 4; device++) {
      fixture.nodes.measure(device, 1000, 500);
    }
    return fids;
  }

  @Test
  void theFullGiveToTheEmptyUntilAllAreNearTheMean() throws Exception {
    var fids = unequal();
    var tracker = fixture.tracker("t");
    long job = even(0.5, Scope.ALL);

    run(tracker, job);

    assertThat(job(job).note()).isEqualTo("all devices are within 0.5% of 52.0%");
    for (var fid : fids) {
      assertThat(fixture.on(fid)).hasSize(2);
      assertThat(fixture.nodes.lengths(fid.value())).hasSize(2);
    }
    for (int device = 1; device <= 4; device++) {
      assertThat(count(device)).as("dev" + device).isBetween(15, 25);
    }
    assertThat(job(job).counts().moved().files()).isBetween(30L, 40L);
    assertThat(job(job).counts().moved().bytes())
        .isEqualTo(job(job).counts().moved().files() << 20);
    assertThat(job(job).counts().left().bytes()).isZero();
    assertThat(fixture.query("SELECT DISTINCT status FROM device")).containsExactly("alive");
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).isEmpty();
  }

  @Test
  void nothingIsMovedWhereAllAreNearTheMean() throws Exception {
    unequal();
    var tracker = fixture.tracker("t");
    long job = even(5, Scope.ALL);

    run(tracker, job);

    assertThat(job(job).counts().moved().files()).isZero();
    assertThat(count(1)).isEqualTo(40);
  }

  @Test
  void devicesThatCannotBeWrittenToTakeNoPart() throws Exception {
    unequal();
    fixture.nodes.device(3, Trouble.READ_ONLY);
    fixture.nodes.device(4, Trouble.READ_ONLY);
    var tracker = fixture.tracker("t");
    long job = even(0.5, Scope.ALL);

    run(tracker, job);

    assertThat(count(1) + count(2)).isEqualTo(80);
    assertThat(job(job).counts().moved().files()).isZero();
  }

  @Test
  void onlyFilesOfTheScopeAreMoved() throws Exception {
    unequal();
    var tracker = fixture.tracker("t");
    long job = even(0.5, new Scope(Optional.of(new DomainId(60_000)), Optional.empty()));

    run(tracker, job);

    assertThat(job(job).counts().moved().files()).isZero();
    assertThat(job(job).note()).startsWith("nothing more can be moved: 2.0% from the mean still");
  }

  /** How full devices are said to be does not change by what is moved: they share one disk, say. */
  @Test
  void itEndsWhereDevicesDoNotBecomeMoreEven() throws Exception {
    for (int i = 0; i < 40; i++) {
      fixture.stored("k" + i, MIB, 1, 2);
    }
    var tracker = fixture.tracker("t");
    fixture.sql("UPDATE file SET length = length");
    fixture.nodes.measure(1, 1 << 30, 1 << 29);
    fixture.nodes.measure(2, 1 << 30, 1 << 29);
    fixture.nodes.measure(3, 1 << 30, 0);
    fixture.nodes.measure(4, 1 << 30, 0);
    tracker.monitor().refresh();
    long job = even(2, Scope.ALL);

    run(tracker, job);

    assertThat(job(job).state()).isEqualTo(State.DONE);
    assertThat(fixture.query("SELECT COUNT(*) FROM file_on")).containsExactly("80");
  }

  /** New files come to where others were moved from, as fast as those leave. */
  @Test
  void itEndsAfterThreeRoundsWithoutProgress() throws Exception {
    var tracker = fixture.tracker("t");
    fixture.nodes.measure(1, 1 << 30, 1 << 29);
    fixture.nodes.measure(2, 1 << 30, 1 << 29);
    fixture.nodes.measure(3, 1 << 30, 0);
    fixture.nodes.measure(4, 1 << 30, 0);
    tracker.monitor().refresh();
    fixture.stored("k", MIB, 1, 2);
    long job = even(2, Scope.ALL);
    var moves = fixture.moveJobs(tracker, "m1");

    for (int i = 0; i < 60 && job(job).state() == State.RUNNING; i++) {
      if (job(job).note().startsWith("waits until the devices")) {
        fixture.stored("k" + i, MIB, 1, 2);
      }
      moves.step();
    }

    assertThat(job(job).note()).startsWith("the devices do not become more even by what is moved");
    assertThat(job(job).counts().position().pass()).isEqualTo(3);
  }

  @Test
  void itWaitsForARebalanceByPolicy() throws Exception {
    unequal();
    var tracker = fixture.tracker("t");
    long job = even(0.5, Scope.ALL);
    fixture.sql("INSERT INTO server_settings VALUES ('rebal_host', 'm9')");
    var moves = fixture.moveJobs(tracker, "m1");

    moves.step();
    moves.step();

    assertThat(job(job).state()).isEqualTo(State.RUNNING);
    assertThat(job(job).note()).isEqualTo("waits for the rebalance by policy to end");
    assertThat(count(1)).isEqualTo(40);
  }

  private long even(double threshold, Scope scope) {
    return ((Start.Started) jobs.start(Terms.even(threshold, 0, scope))).job().id();
  }

  private MoveJob job(long id) {
    return jobs.find(id).orElseThrow();
  }

  private int count(int device) throws SQLException {
    return fixture.query("SELECT fid FROM file_on WHERE devid = " + device).size();
  }

  private void run(WorkFixture.Tracker tracker, long job) throws Exception {
    var moves = fixture.moveJobs(tracker, "m1");
    for (int i = 0; i < 60 && job(job).state() == State.RUNNING; i++) {
      moves.step();
      tracker.monitor().refresh();
    }
    assertThat(job(job).state()).as(job(job).toString()).isEqualTo(State.DONE);
  }
}
