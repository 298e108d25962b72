package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.DisksOfNodes;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.work.OperatorsTables;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A device that its node takes no changes for gets no files, long before it is written to again.
 */
class DistrustedDiskTest {

  private static final String WHY = "a sync failed (Input/output error), and it was not checked";

  private final Tasks tasks = Tasks.virtual();
  private final ManualTime time = ManualTime.start();
  private final MemoryNodes nodes = new MemoryNodes();
  private final DisksOfNodes disks = new DisksOfNodes();
  private final OperatorsTables tables = new OperatorsTables().host(1, HostStatus.ALIVE, 1, 2);
  private final Monitor monitor =
      new Monitor(
          new Monitor.Sources(
              tables, tables, nodes, Optional.of(new MemoryRecords()), Optional.of(disks)),
          new ClusterView.Defaults(100, 2),
          "a",
          tasks,
          time);

  @BeforeEach
  void twoDisks() throws InterruptedException {
    disks.put(1, 1, "one");
    disks.put(1, 2, "two");
    monitor.refresh();
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isTrue();
  }

  @AfterEach
  void stop() {
    tasks.close();
  }

  private Device device(int id) {
    return monitor.view().device(new DeviceId(id)).orElseThrow();
  }

  private Optional<String> distrusted(int device) {
    return monitor.view().observation(new DeviceId(device)).distrusted();
  }

  @Test
  void aLookIsEnoughToSeeIt() throws InterruptedException {
    disks.distrust(1, 1, "one", WHY);

    monitor.probes().step();

    await().untilAsserted(() -> assertThat(distrusted(1)).contains(WHY));
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isFalse();
    assertThat(monitor.view().shouldRead(device(1))).isTrue();
    assertThat(monitor.view().shouldGetNewFiles(device(2))).isTrue();
    assertThat(monitor.view().observation(new DeviceId(1)).reach()).isEqualTo(Reach.READABLE);
  }

  @Test
  void aTrialThatSucceedsDoesNotMakeItWriteable() throws InterruptedException {
    disks.distrust(1, 1, "one", WHY);
    monitor.refresh();
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(monitor.view().shouldGetNewFiles(device(1))).isFalse();
  }

  @Test
  void afterACheckItIsWrittenToWithoutWaiting() throws InterruptedException {
    disks.distrust(1, 1, "one", WHY);
    monitor.refresh();
    disks.put(1, 1, "one");
    monitor.refresh();

    assertThat(distrusted(1)).isEmpty();
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isTrue();
  }

  @Test
  void whileANodeDoesNotTellWhatWasKnownHolds() throws InterruptedException {
    disks.distrust(1, 1, "one", WHY);
    monitor.refresh();
    disks.fail(true);
    monitor.refresh();

    assertThat(distrusted(1)).contains(WHY);
    assertThat(monitor.view().shouldGetNewFiles(device(2))).isTrue();
  }

  @Test
  void aHostThatIsAnotherServerNowIsTrusted() throws InterruptedException {
    disks.distrust(1, 1, "one", WHY);
    monitor.refresh();
    disks.foreign(true);
    monitor.refresh();

    assertThat(distrusted(1)).isEmpty();
  }

  @Test
  void aHostThatDoesNotAnswerIsNotAsked() throws InterruptedException {
    nodes.host(1, Trouble.SILENT);
    disks.distrust(1, 1, "one", WHY);
    monitor.refresh();

    assertThat(distrusted(1)).isEmpty();
  }
}
