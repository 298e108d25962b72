package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CopyWaitsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private WorkFixture fixture;
  private WorkFixture.Tracker tracker;

  @BeforeEach
  void start() throws SQLException, InterruptedException {
    fixture = new WorkFixture(DATABASE).host("a", 1).host("b", 2).host("c", 3);
    tracker = fixture.tracker("t");
  }

  @AfterEach
  void stop() {
    tracker.waits().close();
    fixture.close();
  }

  @Test
  void aWaitEndsWithTheCopyThatThisTrackerMakes() throws Exception {
    var fid = fixture.uploaded("k", 1);
    startWaiting(fid, 2, LONG);

    tracker.replicateOnce();

    await().untilAsserted(() -> assertThat(answers).containsExactly(2));
  }

  @Test
  void aCopyThatAnotherTrackerMakesIsSeenByLooking() {
    var fid = fixture.uploaded("k", 1);
    startWaiting(fid, 2, LONG);
    fixture.stores().replication().copied(fid, new DeviceId(3), Optional.empty());

    await()
        .untilAsserted(
            () -> {
              tracker.waits().step();
              assertThat(answers).containsExactly(2);
            });
  }

  @Test
  void aCopyThatIsThereAlreadyIsNotWaitedFor() throws Exception {
    var fid = fixture.copied("k", 1, 2);

    assertThat(tracker.waits().await(fid, 2, LONG)).isEqualTo(2);
  }

  @Test
  void afterTheLimitWhatIsThereIsToldAndTheFileStaysQueued() throws Exception {
    var fid = fixture.uploaded("k", 1);

    assertThat(tracker.waits().await(fid, 2, Duration.ofMillis(20))).isEqualTo(1);
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).containsExactly("" + fid);
  }

  @Test
  void aCopyOnADeadDeviceIsNone() throws Exception {
    var fid = fixture.copied("k", 1, 2);
    fixture.mark(2, DeviceStatus.DEAD);
    tracker.monitor().refresh();

    assertThat(tracker.waits().await(fid, 2, Duration.ofMillis(20))).isEqualTo(1);
  }

  @Test
  void onlySoManyWait() throws Exception {
    for (int i = 1; i <= CopyWaits.MOST; i++) {
      startWaiting(new Fid(1000L + i), 2, LONG);
    }
    await()
        .untilAsserted(
            () -> assertThat(tracker.waits().await(new Fid(9), 2, Duration.ofMillis(1))).isOne());

    assertThat(tracker.waits().await(fixture.uploaded("k", 1), 2, LONG)).isEqualTo(1);
    assertThat(answers).isEmpty();
    tracker.waits().close();
    await().until(() -> answers.size() == CopyWaits.MOST);
  }

  @Test
  void theMostThatAFileGetsIsForItsClassAndTheDevicesToSay() throws Exception {
    var five = fixture.fileClass("five", 5, Optional.empty());
    fixture.uploaded("two", 1);
    fixture.uploaded("five", five, 1);
    tracker.monitor().refresh();
    var files = fixture.stores().files().listFids(0, 2);

    assertThat(tracker.waits().attainable(files.get(0), new DeviceId(1))).isEqualTo(2);
    assertThat(tracker.waits().attainable(files.get(1), new DeviceId(1))).isEqualTo(3);
  }

  private void startWaiting(Fid fid, int copies, Duration limit) {
    fixture.tasks.start("waits", () -> answers.add(tracker.waits().await(fid, copies, limit)));
  }
}
