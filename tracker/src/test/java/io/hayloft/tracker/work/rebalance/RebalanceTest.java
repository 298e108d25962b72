package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import io.hayloft.tracker.policy.RebalanceState.Count;
import io.hayloft.tracker.store.RebalanceStore.Start;
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

/** Files move from some devices to others, and nothing else changes. */
class RebalanceTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int ROUNDS = 40;

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1, 2).host("b", 3).host("c", 4);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void filesLeaveTheirDeviceAndKeepTheirCopies() throws Exception {
    var fids = files(5, 1, 3);
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");

    begin(tracker, "from_devices=1");
    run(tracker, upkeep);

    for (var fid : fids) {
      assertThat(fixture.on(fid)).hasSize(2).contains(3).doesNotContain(1);
      assertThat(fixture.nodes.has(1, fid.value())).isFalse();
    }
    assertThat(fixture.nodes.replicas()).hasSize(10);
    assertThat(fixture.nodes.sources())
        .as("who is to lose files also reads them")
        .hasSize(5)
        .containsOnly("127.0.0.1");
    assertThat(fixture.query("SELECT DISTINCT devcount FROM file")).containsExactly("2");
    var state = state();
    assertThat(state.get(Count.FIDS_QUEUED)).isEqualTo(5);
    assertThat(state.get(Count.BYTES_QUEUED)).isEqualTo(50);
    assertThat(state.get(Count.TIME_FINISHED)).isPositive();
    assertThat(state.completed()).containsExactly(new DeviceId(1));
    assertThat(fixture.upkeep().rebalance().status().host()).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_to_queue")).isEmpty();
  }

  @Test
  void sourcesDrainMeanwhileAndBecomeWhatTheyWere() throws Exception {
    files(2, 1, 3);
    files(2, 2, 4);
    fixture.mark(2, DeviceStatus.DRAIN);
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    var seen = new ArrayList<String>();

    begin(tracker, "from_devices=1,2");
    for (int i = 0; i < ROUNDS && isRunning(); i++) {
      round(tracker, upkeep);
      seen.add(statuses());
    }

    assertThat(seen).contains("1 drain,2 drain");
    assertThat(statuses()).isEqualTo("1 alive,2 drain");
    assertThat(fixture.stores().registry().setting("hayloft_rebal_former")).isEmpty();
  }

  @Test
  void whatAnOperatorChangesMeanwhileStays() throws Exception {
    files(2, 1, 3);
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    begin(tracker, "from_devices=1");
    round(tracker, upkeep);
    assertThat(statuses()).isEqualTo("1 drain,2 alive");
    fixture.mark(1, DeviceStatus.DOWN);

    run(tracker, upkeep);

    assertThat(statuses()).isEqualTo("1 down,2 alive");
  }

  @Test
  void sourcesStayInDrainWhereThatIsAskedFor() throws Exception {
    files(1, 1, 3);
    var tracker = fixture.tracker("t");

    begin(tracker, "from_devices=1 leave_in_drain_mode=1");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(statuses()).isEqualTo("1 drain,2 alive");
    assertThat(fixture.stores().registry().setting("hayloft_rebal_former")).isEmpty();
  }

  @Test
  void aStoppedRebalanceGoesOnWhereItWas() throws Exception {
    files(4, 1, 3);
    fixture.stores().registry().set("queue_rate_for_rebal", Optional.of("2"));
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    begin(tracker, "from_devices=1");
    round(tracker, upkeep);
    round(tracker, upkeep);
    assertThat(state().get(Count.FIDS_QUEUED)).isEqualTo(2);

    assertThat(fixture.upkeep().rebalance().stop()).isTrue();
    round(tracker, upkeep);

    assertThat(isRunning()).isFalse();
    assertThat(state().get(Count.TIME_STOPPED)).isPositive();
    assertThat(statuses()).isEqualTo("1 alive,2 alive");
    assertThat(fixture.stores().registry().setting("rebal_signal")).isEmpty();
    var state = fixture.upkeep().rebalance().status().state().orElseThrow();
    assertThat(fixture.upkeep().rebalance().start("m1", (_, _) -> "another"))
        .isEqualTo(new Start.Started(state));
    round(tracker, upkeep);
    assertThat(statuses()).isEqualTo("1 drain,2 alive");
    run(tracker, upkeep);
    assertThat(state().get(Count.FIDS_QUEUED)).isEqualTo(4);
    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid = 1")).isEmpty();
  }

  @Test
  void aLimitForAllDevicesHolds() throws Exception {
    files(3, 1, 3);
    files(3, 2, 4);
    var tracker = fixture.tracker("t");

    begin(tracker, "from_devices=1,2 limit_type=global limit_by=count limit=4");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(state().get(Count.FIDS_QUEUED)).isEqualTo(4);
    assertThat(fixture.query("SELECT fid FROM file_on WHERE devid IN (1, 2)")).hasSize(2);
    assertThat(statuses()).isEqualTo("1 alive,2 alive");
  }

  @Test
  void aLimitForEachDeviceHolds() throws Exception {
    files(3, 1, 3);
    files(3, 2, 4);
    var tracker = fixture.tracker("t");

    // 25 bytes are two and a half files.
    begin(tracker, "from_devices=1,2 limit_by=size limit=25 fid_age=new");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(state().get(Count.BYTES_QUEUED)).isEqualTo(40);
    assertThat(
            fixture.query(
                "SELECT devid, MIN(fid) = (SELECT MIN(fid) FROM file) FROM file_on"
                    + " WHERE devid IN (1, 2) GROUP BY devid"))
        .as("the newest went first")
        .containsExactly("1 1", "2 0");
  }

  @Test
  void aFileStaysWhereNoTargetIsAGoodPlace() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    var tracker = fixture.tracker("t");
    fixture.sql("DELETE FROM file_to_replicate");

    // The only target is on the host that has the other copy.
    fixture.host("b2", 5);
    fixture.sql("UPDATE device SET hostid = 2 WHERE devid = 5");
    tracker.monitor().refresh();
    begin(tracker, "from_devices=1 to_devices=5");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(fixture.query("SELECT fid FROM file_to_queue")).isEmpty();
  }

  @Test
  void noMoreIsQueuedWhileTheQueueIsLong() throws Exception {
    files(4, 1, 3);
    fixture.stores().registry().set("queue_rate_for_rebal", Optional.of("2"));
    fixture.stores().registry().set("queue_size_for_rebal", Optional.of("2"));
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    begin(tracker, "from_devices=1");

    for (int i = 0; i < 5; i++) {
      upkeep.rebalanceInjector().step();
      tracker.monitor().refresh();
    }
    assertThat(state().get(Count.FIDS_QUEUED)).isEqualTo(2);

    upkeep.rebalance().step();
    upkeep.rebalanceInjector().step();
    assertThat(state().get(Count.FIDS_QUEUED)).isEqualTo(4);
  }

  /** Three copies on one host are too many, and yet not what two on different hosts are. */
  @Test
  void manyCopiesInOnePlaceAreSpreadBeforeAnotherPlaceIsLeft() throws Exception {
    fixture.host("a2", 5);
    fixture.sql("UPDATE device SET hostid = 1 WHERE devid = 5");
    var fid = fixture.copied("k", 1, 2, 5, 3);
    var tracker = fixture.tracker("t");
    fixture.sql("DELETE FROM file_to_replicate");

    begin(tracker, "from_devices=3");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(fixture.on(fid)).containsExactly(1, 2, 4, 5);
    assertThat(fixture.nodes.has(3, fid.value())).isFalse();
    assertThat(fixture.nodes.has(4, fid.value())).isTrue();
  }

  @Test
  void theLastGoodCopyStays() throws Exception {
    var fid = fixture.copied("k", 1, 3, 4);
    fixture.nodes.lose(3, fid.value());
    fixture.nodes.lose(4, fid.value());
    var tracker = fixture.tracker("t");
    fixture.sql("DELETE FROM file_to_replicate");

    begin(tracker, "from_devices=1");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(fixture.on(fid)).contains(1);
  }

  @Test
  void theLastCopyThatIsNotOnADeadDeviceStays() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    fixture.sql("DELETE FROM file_to_replicate");
    begin(tracker, "from_devices=1");
    for (int i = 0; i < 2; i++) {
      upkeep.rebalanceInjector().step();
      tracker.monitor().refresh();
    }
    assertThat(fixture.query("SELECT fid FROM file_to_queue")).hasSize(1);

    // Told to another tracker; this one's view is from before.
    fixture.sql("UPDATE device SET status = 'dead' WHERE devid > 1");
    upkeep.rebalance().step();

    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(fixture.on(fid)).contains(1);
  }

  @Test
  void aCopyThatCannotBeRemovedStaysRecorded() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    var tracker = fixture.tracker("t");
    fixture.sql("DELETE FROM file_to_replicate");

    begin(tracker, "from_devices=1");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(fixture.on(fid)).contains(1, 3);
    assertThat(fixture.query("SELECT fid FROM file_to_queue")).isEmpty();
  }

  @Test
  void withoutADestinationItWaits() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    fixture.sql("DELETE FROM file_to_replicate");
    for (int device : new int[] {2, 3, 4}) {
      fixture.nodes.device(device, Trouble.REFUSES);
    }
    tracker.monitor().refresh();
    begin(tracker, "from_devices=1");

    round(tracker, upkeep);
    round(tracker, upkeep);

    assertThat(isRunning()).isTrue();
    assertThat(state().get(Count.FIDS_QUEUED)).isZero();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
  }

  @ParameterizedTest
  @EnumSource(names = {"KEEPS_HALF", "KEEPS_NOTHING"})
  void aCopyStaysWhereANodeOnlySaysThatItMadeTheNewOne(Trouble lie) throws Exception {
    var one = fixture.fileClass("one", 1, Optional.empty());
    var fid = fixture.uploaded("k", one, 1);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.nodes.device(3, lie);
    fixture.nodes.claimToVerifyCopies();
    fixture.nodes.device(2, lie);
    fixture.nodes.device(4, lie);
    var tracker = fixture.tracker("t");

    begin(tracker, "from_devices=1");
    run(tracker, fixture.upkeep(tracker, "m1"));

    assertThat(fixture.nodes.count("copy ")).isPositive();
    assertThat(fixture.nodes.has(1, fid.value())).isTrue();
    assertThat(fixture.on(fid)).contains(1);
    assertThat(fixture.query("SELECT fid FROM file_to_replicate"))
        .as("replication sees to it")
        .containsExactly(fid.toString());
  }

  @Test
  void aRebalanceOfAnotherMachineIsNotMovedOn() throws Exception {
    files(1, 1, 3);
    var tracker = fixture.tracker("t");
    begin(tracker, "from_devices=1");

    round(tracker, fixture.upkeep(tracker, "m2"));

    assertThat(state().current()).isEmpty();
  }

  private List<Fid> files(int count, int... devices) throws SQLException {
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < count; i++) {
      fids.add(fixture.copied("k" + devices[0] + "/" + i, devices));
    }
    fixture.sql("DELETE FROM file_to_replicate");
    return fids;
  }

  private void begin(WorkFixture.Tracker tracker, String text) {
    var policy = RebalancePolicy.stored(text).orElseThrow();
    ClusterView view = tracker.monitor().view();
    var rebalance = fixture.upkeep().rebalance();
    rebalance.setPolicy(text);
    assertThat(
            rebalance.start(
                "m1", (_, _) -> RebalanceState.first(policy.sources(view), policy).text()))
        .isInstanceOf(Start.Started.class);
  }

  /** Until it is over, and all that was queued is done. */
  private void run(WorkFixture.Tracker tracker, WorkFixture.Upkeep upkeep) throws Exception {
    for (int i = 0; i < ROUNDS && isRunning(); i++) {
      round(tracker, upkeep);
    }
    assertThat(isRunning()).isFalse();
  }

  private void round(WorkFixture.Tracker tracker, WorkFixture.Upkeep upkeep) throws Exception {
    upkeep.rebalanceInjector().step();
    tracker.monitor().refresh();
    upkeep.rebalance().step();
  }

  private boolean isRunning() {
    return fixture.upkeep().rebalance().status().host().isPresent();
  }

  private RebalanceState state() {
    return RebalanceState.parse(fixture.upkeep().rebalance().status().state().orElseThrow());
  }

  private String statuses() throws SQLException {
    return String.join(
        ",", fixture.query("SELECT devid, status FROM device WHERE devid < 3 ORDER BY devid"));
  }
}
