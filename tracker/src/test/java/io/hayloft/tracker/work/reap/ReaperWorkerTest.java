package io.hayloft.tracker.work.reap;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReaperWorkerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualTime time = ManualTime.start();
  private WorkFixture fixture;
  private int told;
  private WorkFixture.Tracker tracker;

  @BeforeEach
  void start() throws Exception {
    fixture = new WorkFixture(DATABASE).host("a", 1).host("b", 2).host("c", 3);
    for (int i = 0; i < 5; i++) {
      fixture.copied("k" + i, 1, 2);
    }
    fixture.sql("DELETE FROM file_to_replicate");
    tracker = fixture.tracker("t");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void theFilesOfADeadDeviceAreQueuedAndItsLocationsGo() throws Exception {
    var reaper = reaper("t");
    die(2);
    reaper.step();
    assertThat(on(2)).hasSize(5);

    time.advance(ReaperWorker.SETTLED);
    reaper.step();

    assertThat(on(2)).isEmpty();
    assertThat(on(1)).hasSize(5);
    assertThat(queue()).hasSize(5);
    assertThat(told).as("replication is woken").isEqualTo(1);
  }

  @Test
  void whileMuchOfTheClusterIsOutOfSightNothingIsForgotten() throws Exception {
    var reaper = reaper("t");
    die(2);
    fixture.nodes.device(1, Trouble.REFUSES);
    tracker.monitor().refresh();
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    reaper.step();
    assertThat(on(2)).hasSize(5);

    fixture.nodes.allIsWell();
    tracker.monitor().refresh();
    reaper.step();
    assertThat(on(2)).isEmpty();
  }

  @Test
  void onlyDeadDevicesAreEmptied() throws Exception {
    fixture.mark(1, DeviceStatus.DOWN);
    fixture.mark(2, DeviceStatus.DRAIN);
    tracker.monitor().refresh();
    var reaper = reaper("t");
    reaper.step();
    time.advance(Duration.ofHours(1));
    reaper.step();

    assertThat(queue()).isEmpty();
    assertThat(on(1)).hasSize(5);
  }

  @Test
  void aDeviceThatIsNotDeadAnyMoreKeepsItsFiles() throws Exception {
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    // Another tracker's operator took it back; this one has not heard of it.
    fixture.mark(2, DeviceStatus.DOWN);

    reaper.step();

    assertThat(on(2)).hasSize(5);
    assertThat(queue()).isEmpty();
  }

  @Test
  void portionsAreAsLargeAsTheSettingSays() throws Exception {
    fixture.stores().registry().set("queue_rate_for_reaper", Optional.of("2"));
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);

    assertThat(reaper.step().pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(on(2)).hasSize(3);
    reaper.step();
    assertThat(on(2)).hasSize(1);
  }

  @Test
  void withoutARateNobodyWaitsBetweenPortions() throws Exception {
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);

    assertThat(reaper.step().pause()).isZero();
  }

  @Test
  void operatorsMayGiveThemselvesMoreTimeToTakeAMarkBack() throws Exception {
    fixture.stores().registry().set("reaper_delay", Optional.of("60"));
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(Duration.ofSeconds(59));
    reaper.step();
    assertThat(on(2)).hasSize(5);

    time.advance(Duration.ofSeconds(1));
    reaper.step();
    assertThat(on(2)).isEmpty();
  }

  @Test
  void whatHasTheFewestLiveCopiesIsQueuedToComeFirst() throws Exception {
    var three = fixture.copied("three", 1, 2, 3);
    fixture.sql("DELETE FROM file_to_replicate");
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    reaper.step();

    assertThat(fixture.query("SELECT fid FROM file_to_replicate WHERE nexttry = 2"))
        .containsExactly(three.toString());
    assertThat(fixture.query("SELECT fid FROM file_to_replicate WHERE nexttry = 1")).hasSize(5);
  }

  @Test
  void aLongQueueIsNotMadeLonger() throws Exception {
    fixture.stores().registry().set("queue_rate_for_reaper", Optional.of("2"));
    fixture.stores().registry().set("queue_size_for_reaper", Optional.of("4"));
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    for (int i = 0; i < 5; i++) {
      reaper.step();
    }

    assertThat(on(2)).hasSize(1);
    fixture.sql("DELETE FROM file_to_replicate");
    reaper.step();
    assertThat(on(2)).isEmpty();
  }

  @Test
  void whatIsWrittenLateIsFoundToo() throws Exception {
    var reaper = reaper("t");
    die(2);
    reaper.step();
    time.advance(ReaperWorker.SETTLED);
    reaper.step();
    reaper.step();
    var fid = fixture.uploaded("late", 1);
    // A tracker that has not heard of the death yet has copied it there.
    fixture.sql("INSERT INTO file_on (fid, devid) VALUES (%s, 2)".formatted(fid));
    fixture.sql("DELETE FROM file_to_replicate");
    reaper.step();
    assertThat(on(2)).as("not at once").hasSize(1);

    time.advance(ReaperWorker.FIRST_AGAIN);
    reaper.step();
    assertThat(on(2)).isEmpty();
    assertThat(queue()).hasSize(1);
  }

  @Test
  void oneTrackerReapsAtATime() throws Exception {
    var first = reaper("t");
    var second = reaper("u");
    fixture.stores().registry().set("queue_rate_for_reaper", Optional.of("1"));
    die(2);
    first.step();
    second.step();
    time.advance(ReaperWorker.SETTLED);

    first.step();
    second.step();
    assertThat(on(2)).hasSize(4);
    first.step();
    assertThat(on(2)).hasSize(3);
  }

  private void die(int device) throws InterruptedException {
    fixture.mark(device, DeviceStatus.DEAD);
    tracker.monitor().refresh();
  }

  private ReaperWorker reaper(String owner) {
    return new ReaperWorker(
        tracker.monitor(),
        fixture.stores().replication(),
        fixture.stores().leases(),
        owner,
        time,
        () -> told++);
  }

  private List<Fid> on(int device) {
    return fixture.stores().replication().filesOn(new DeviceId(device), 100);
  }

  private List<String> queue() throws SQLException {
    return fixture.query("SELECT fid FROM file_to_replicate");
  }
}
