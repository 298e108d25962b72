package io.hayloft.tracker.work.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.work.WorkFixture;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes have found to be damaged is made anew, and nothing is given up for it. */
class FindingsWorkerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;
  private WorkFixture.Tracker tracker;
  private final Nodes natives = new Nodes();

  /** Nodes that have found something, or answer nothing. */
  private static final class Nodes implements NativeNodes {
    private final Queue<Finding> found = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;

    @Override
    public boolean isNative(Host host) {
      return true;
    }

    @Override
    public List<Finding> findings(Host host) throws IOException {
      if (silent) {
        throw new IOException("no answer");
      }
      return found.stream().filter(finding -> finding.place().host().equals(host)).toList();
    }

    @Override
    public void acknowledge(Host host, List<Finding> findings) {
      found.removeAll(findings);
    }

    @Override
    public Map<DeviceId, DeviceAnswer> devices(Host host) {
      return Map.of();
    }

    @Override
    public Manifest manifest(Host host, DeviceId device, Extent extent) throws IOException {
      throw new IOException("nobody asks for it");
    }

    @Override
    public Set<Place> quarantine(Host host, List<Place> places, String why) {
      return Set.of();
    }
  }

  @BeforeEach
  void start() throws Exception {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1, 2).host("b", 3).host("c", 4);
    tracker = fixture.tracker("t");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** The node takes the copy out of the way, and says so. */
  private void damaged(int device, Fid fid) {
    fixture.nodes.lose(device, fid.value());
    var view = tracker.monitor().view();
    var host = view.hostOf(new DeviceId(device)).orElseThrow();
    natives.found.add(
        new NativeNodes.Finding(
            Place.of(host, new DeviceId(device), fid), 1_700_000_000, "its bytes have changed"));
  }

  private void round() throws InterruptedException {
    tracker.monitor().refresh();
    var worker =
        new FindingsWorker(
            tracker.monitor(),
            new FindingsWorker.Ports(fixture.stores(), fixture.upkeep(), fixture.nodes, natives),
            new FindingsWorker.Ambience(fixture.tasks, Time.system(), new Random(1), "t:1"));
    worker.step();
  }

  private List<String> events() throws SQLException {
    return fixture.query("SELECT fid, evcode, devid FROM fsck_log ORDER BY logid");
  }

  @Test
  void damagedCopyIsForgottenAndMadeAnew() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(3, fid);

    round();

    assertThat(fixture.on(fid)).containsExactly(1);
    assertThat(events()).containsExactly(fid + " BSUM 3", fid + " REPL null");
    assertThat(natives.found).isEmpty();
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("1");
    tracker.replicateOnce();
    assertThat(fixture.on(fid)).hasSize(2).contains(1);
  }

  @Test
  void whatANodeSaysOfADeviceThatIsNotItsOwnChangesNothing() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    var view = tracker.monitor().view();
    natives.found.add(
        new NativeNodes.Finding(
            Place.of(view.registry().host("c").orElseThrow(), new DeviceId(3), fid),
            1_700_000_000,
            "bad"));

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).isEmpty();
    assertThat(natives.found).hasSize(1);
  }

  @Test
  void lastCopyIsNotForgottenAndCalledGone() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    damaged(3, fid);

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).containsExactly(fid + " BSUM 3", fid + " GONE null");
    assertThat(natives.found).isEmpty();
  }

  @Test
  void copyOfAnotherLengthIsNoCopy() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.store(1, fid.value(), new byte[3]);
    damaged(3, fid);

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).contains(fid + " GONE null");
  }

  @Test
  void nothingIsConcludedWhileTheOtherDeviceIsSilent() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(3, fid);
    fixture.nodes.device(1, Trouble.REFUSES);

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).isEmpty();
    assertThat(natives.found).hasSize(1);

    fixture.nodes.allIsWell();
    round();
    assertThat(fixture.on(fid)).containsExactly(1);
    assertThat(natives.found).isEmpty();
  }

  @Test
  void deadDeviceHasNoCopy() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.mark(1, DeviceStatus.DEAD);
    damaged(3, fid);

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).contains(fid + " GONE null");
  }

  @Test
  void copyThatIsNotRecordedAndFileThatIsDeletedAreDropped() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(4, fid);
    damaged(4, new Fid(999));

    round();

    assertThat(natives.found).isEmpty();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(events()).isEmpty();
  }

  @Test
  void fileThatSomebodyIsAtIsLeftForLater() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(3, fid);
    assertThat(
            fixture
                .stores()
                .leases()
                .acquire("fid:" + fid, "somebody", java.time.Duration.ofMinutes(1)))
        .isTrue();

    round();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(natives.found).hasSize(1);
  }

  @Test
  void oneTrackerAtATimeAsks() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(3, fid);
    assertThat(
            fixture.stores().leases().acquire("findings", "other", java.time.Duration.ofMinutes(1)))
        .isTrue();

    round();

    assertThat(natives.found).hasSize(1);
  }

  @Test
  void nodeThatDoesNotAnswerIsAskedAgain() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    damaged(3, fid);
    natives.silent = true;
    round();
    assertThat(fixture.on(fid)).containsExactly(1, 3);

    natives.silent = false;
    round();
    assertThat(fixture.on(fid)).containsExactly(1);
  }
}
