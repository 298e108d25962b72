package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.DisksOfNodes;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.node.NativeNodes.DeviceAnswer;
import io.hayloft.tracker.work.OperatorsTables;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk belongs to one number for ever, unless an operator says otherwise. */
class WrongDiskTest {

  private final Tasks tasks = Tasks.virtual();
  private final ManualTime time = ManualTime.start();
  private final MemoryNodes nodes = new MemoryNodes();
  private final DisksOfNodes disks = new DisksOfNodes();
  private final MemoryRecords records = new MemoryRecords();
  private final OperatorsTables tables =
      new OperatorsTables().host(1, HostStatus.ALIVE, 1, 2).host(2, HostStatus.ALIVE, 3);
  private final Monitor monitor = monitor();

  @BeforeEach
  void disks() throws InterruptedException {
    disks.put(1, 1, "one");
    disks.put(1, 2, "two");
    disks.put(2, 3, "three");
    monitor.refresh();
  }

  @AfterEach
  void stop() {
    tasks.close();
  }

  @Test
  void theFirstDiskUnderANumberIsRecorded() {
    assertThat(records.load().of(new DeviceId(1)).identity()).contains("one");
    assertThat(records.load().of(new DeviceId(3)).identity()).contains("three");
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isTrue();
  }

  @Test
  void aDirectoryWhoseNumberNobodyHasRegisteredIsNotRecorded() throws InterruptedException {
    nodes.host(1, Trouble.SILENT);
    monitor.refresh();
    disks.put(1, 4, "four");
    nodes.allIsWell();
    monitor.refresh();
    assertThat(records.load().of(new DeviceId(4)).identity()).isEmpty();

    tables.device(4, 1, DeviceStatus.ALIVE);
    monitor.refresh();

    assertThat(records.load().of(new DeviceId(4)).identity()).contains("four");
  }

  @Test
  void anotherDiskIsRefusedWhenItsHostIsBack() throws InterruptedException {
    nodes.host(1, Trouble.SILENT);
    monitor.refresh();
    disks.put(1, 1, "strange");
    nodes.allIsWell();
    monitor.refresh();

    assertThat(monitor.view().shouldRead(device(1))).isFalse();
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isFalse();
    assertThat(monitor.view().shouldRead(device(2))).isTrue();
    assertThat(refused(1)).contains("its disk is strange and not one as recorded");
    assertThat(records.load().of(new DeviceId(1)).identity()).contains("one");
  }

  @Test
  void anotherDiskIsRefusedWithinAMinuteWhereNothingWasAway() throws InterruptedException {
    disks.put(2, 3, "strange");
    monitor.refresh();
    assertThat(refused(3)).isEmpty();

    time.advance(Identities.BETWEEN);
    monitor.refresh();
    assertThat(refused(3)).isPresent();
  }

  @Test
  void disksThatChangedPlacesAreBothRefused() throws InterruptedException {
    disks.put(1, 1, "two");
    disks.put(1, 2, "one");
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(refused(1)).contains("its disk two is that of dev2");
    assertThat(refused(2)).contains("its disk one is that of dev1");
  }

  @Test
  void oneDiskUnderTwoNumbersIsUsedOnce() throws InterruptedException {
    tables.device(4, 1, DeviceStatus.ALIVE);
    disks.put(1, 4, "one");
    monitor.refresh();
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(refused(1)).isEmpty();
    assertThat(refused(4)).contains("its disk one is that of dev1");
  }

  @Test
  void whatTheNodeRefusesIsRefusedForItsReason() throws InterruptedException {
    disks.refuse(1, 1, "its directory says that it is dev7");
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(refused(1)).contains("its directory says that it is dev7");
  }

  @Test
  void whatItsNodeRefusesFromOneMomentToTheNextIsSaidToBeSoAtOnce() throws InterruptedException {
    disks.refuse(1, 1, "its directory says that it is dev2");
    disks.refuse(1, 2, "its directory says that it is dev1");
    nodes.device(1, Trouble.REFUSES);
    nodes.device(2, Trouble.REFUSES);
    monitor.refresh();
    monitor.refresh();

    assertThat(refused(1)).contains("its directory says that it is dev2");
    assertThat(refused(2)).contains("its directory says that it is dev1");
  }

  @Test
  void anAcceptedDiskIsUsedAgain() throws InterruptedException {
    disks.put(1, 1, "new");
    time.advance(Identities.BETWEEN);
    monitor.refresh();
    assertThat(monitor.view().shouldRead(device(1))).isFalse();

    assertThat(records.acceptDisk(new DeviceId(1), "new")).isTrue();
    time.advance(Identities.BETWEEN);
    monitor.refresh();
    assertThat(refused(1)).isEmpty();
    assertThat(monitor.view().shouldRead(device(1))).isTrue();
  }

  @Test
  void whileANodeDoesNotTellWhatWasKnownHolds() throws InterruptedException {
    disks.put(1, 1, "strange");
    time.advance(Identities.BETWEEN);
    monitor.refresh();
    disks.fail(true);
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(refused(1)).isPresent();
    assertThat(refused(2)).isEmpty();
  }

  @Test
  void otherServersAreNotAsked() throws InterruptedException {
    disks.foreign(true);
    disks.put(1, 1, "strange");
    time.advance(Identities.BETWEEN);
    monitor.refresh();

    assertThat(refused(1)).isEmpty();
  }

  @Test
  void aDiskWithoutIdentityIsNoOther() {
    var none = new DeviceAnswer(Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(Identities.judge(new DeviceId(1), none, records.load())).isEmpty();
  }

  private Optional<String> refused(int device) {
    return monitor.view().observation(new DeviceId(device)).refused();
  }

  private Device device(int id) {
    return monitor.view().device(new DeviceId(id)).orElseThrow();
  }

  private Monitor monitor() {
    return new Monitor(
        new Monitor.Sources(tables, tables, nodes, Optional.of(records), Optional.of(disks)),
        new ClusterView.Defaults(100, 2),
        "a",
        tasks,
        time);
  }
}
