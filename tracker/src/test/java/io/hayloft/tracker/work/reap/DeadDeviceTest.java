package io.hayloft.tracker.work.reap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the mark to the last copy, and what becomes of the work when the tracker at it dies. */
class DeadDeviceTest {

  private static final int FILES = 240;

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualTime time = ManualTime.start();
  private WorkFixture fixture;
  private WorkFixture.Tracker tracker;

  /** Files that are all on the devices 1 and 3. */
  @BeforeEach
  void start() throws SQLException, InterruptedException {
    fixture =
        new WorkFixture(DATABASE).host("a", 1, 2).host("b", 3, 4).host("c", 5, 6).host("d", 7, 8);
    fixture.sql(
        "INSERT INTO file (fid, dmid, dkey, length, classid, devcount)"
            + " SELECT seq, dmid, CONCAT('k', seq), %d, 0, 2 FROM seq_1_to_%d, domain"
                .formatted(WorkFixture.BYTES.length, FILES));
    fixture.sql("INSERT INTO file_on SELECT seq, 1 FROM seq_1_to_" + FILES);
    fixture.sql("INSERT INTO file_on SELECT seq, 3 FROM seq_1_to_" + FILES);
    for (long fid = 1; fid <= FILES; fid++) {
      fixture.nodes.store(1, fid, WorkFixture.BYTES);
      fixture.nodes.store(3, fid, WorkFixture.BYTES);
    }
    tracker = fixture.tracker("t");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void itsFilesAreSpreadOverAllOtherDevices() throws Exception {
    reap();

    healWith(tracker);

    assertThat(twoCopiesEach()).hasSize(FILES);
    assertThat(on(3)).as("was there before").isEqualTo(FILES);
    assertThat(on(4)).as("on the host of the other copy").isZero();
    for (int device : new int[] {2, 5, 6, 7, 8}) {
      assertThat(on(device)).as("dev" + device).isBetween(20L, 80L);
    }
  }

  /** A tracker that is killed neither copies on nor prolongs what it has claimed. */
  @Test
  void whatADeadTrackerHadClaimedIsTakenOverWithinHalfAMinute() throws Exception {
    reap();
    var claimed = fixture.stores().replication().claim(100, HeldClaims.LENGTH);
    assertThat(claimed).hasSize(100);
    healWith(tracker);
    assertThat(twoCopiesEach()).hasSize(FILES - 100);

    fixture.sql("UPDATE file_to_replicate SET nexttry = nexttry - 22");
    healWith(fixture.tracker("another"));

    assertThat(twoCopiesEach()).hasSize(FILES);
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).isEmpty();
    assertThat(fixture.nodes.count("copy")).as("each once").isEqualTo(FILES);
  }

  private void reap() throws InterruptedException {
    fixture.mark(1, DeviceStatus.DEAD);
    tracker.monitor().refresh();
    var reaper =
        new ReaperWorker(
            tracker.monitor(),
            fixture.stores().replication(),
            fixture.stores().leases(),
            "t",
            time,
            () -> {});
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    reaper.step();
  }

  private static void healWith(WorkFixture.Tracker healer) throws InterruptedException {
    for (int step = 0; step < 3; step++) {
      var _ = healer.replicate().step();
      await().until(() -> healer.replication().underWay() == 0);
    }
  }

  private List<String> twoCopiesEach() throws SQLException {
    return fixture.query("SELECT fid FROM file_on GROUP BY fid HAVING COUNT(*) = 2");
  }

  private long on(int device) throws SQLException {
    return Long.parseLong(
        fixture.query("SELECT COUNT(*) FROM file_on WHERE devid = " + device).getFirst());
  }
}
