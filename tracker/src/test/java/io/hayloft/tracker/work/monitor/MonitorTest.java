package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.work.OperatorsTables;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MonitorTest {

  private final Tasks tasks = Tasks.virtual();
  private final ManualTime time = ManualTime.start();
  private final MemoryNodes nodes = new MemoryNodes();
  private final OperatorsTables tables =
      new OperatorsTables().host(1, HostStatus.ALIVE, 1, 2).host(2, HostStatus.ALIVE, 3);
  private final Monitor monitor = monitor("a");

  @AfterEach
  void stop() {
    tasks.close();
  }

  @Test
  void oneRefreshAfterADeviceWasAddedIsEnough() throws InterruptedException {
    assertThat(monitor.isReady()).isFalse();
    monitor.refresh();

    assertThat(monitor.isReady()).isTrue();
    assertThat(monitor.awaitReady(Duration.ZERO)).isTrue();
    for (int device : new int[] {1, 2, 3}) {
      assertThat(reach(device)).isEqualTo(Reach.WRITEABLE);
      assertThat(monitor.view().shouldGetNewFiles(device(device))).isTrue();
      assertThat(device(device).freeFraction()).isEqualTo(0.6);
    }
    tables.device(4, 2, DeviceStatus.ALIVE);
    monitor.refresh();
    assertThat(monitor.view().shouldGetNewFiles(device(4))).isTrue();
  }

  @Test
  void twoThousandDevicesAreSeenInOneRoundAndEachIsAskedOnce() throws InterruptedException {
    for (int host = 10; host < 110; host++) {
      tables.host(host, HostStatus.ALIVE);
      for (int disk = 0; disk < 20; disk++) {
        tables.device(20 * host + disk, host, DeviceStatus.ALIVE);
      }
    }
    monitor.refresh();

    var view = monitor.view();
    assertThat(view.devices().stream().filter(view::shouldGetNewFiles)).hasSize(2003);
    assertThat(nodes.count("usage")).isEqualTo(2003);
  }

  @Test
  void aRefusalIsBlamedOnTheDevice() throws InterruptedException {
    monitor.refresh();
    nodes.device(1, Trouble.REFUSES);
    monitor.refresh();

    assertThat(reach(1)).isEqualTo(Reach.UNREACHABLE);
    assertThat(reach(2)).isEqualTo(Reach.WRITEABLE);
    assertThat(monitor.view().isReachable(new HostId(1))).isTrue();
    assertThat(monitor.view().shouldRead(device(1))).isFalse();
    assertThat(monitor.view().shouldRead(device(2))).isTrue();
  }

  @Test
  void silenceIsBlamedOnTheHost() throws InterruptedException {
    monitor.refresh();
    nodes.host(1, Trouble.SILENT);
    nodes.host(2, Trouble.SILENT);
    monitor.refresh();

    for (int device : new int[] {1, 2, 3}) {
      assertThat(monitor.view().shouldRead(device(device))).isFalse();
      assertThat(monitor.view().shouldGetNewFiles(device(device))).isFalse();
    }
    assertThat(monitor.view().isReachable(new HostId(1))).isFalse();
    assertThat(monitor.view().isReachable(new HostId(2))).isFalse();
  }

  @Test
  void oneSilentDiskDoesNotTakeItsHostAway() throws InterruptedException {
    monitor.refresh();
    nodes.device(1, Trouble.SILENT);

    for (int round = 0; round < 3; round++) {
      monitor.refresh();
      assertThat(monitor.view().shouldRead(device(1))).isFalse();
      assertThat(monitor.view().shouldRead(device(2))).isTrue();
    }
  }

  @Test
  void ofASilentHostOneDeviceIsAskedInARound() throws InterruptedException {
    nodes.host(1, Trouble.SILENT);
    monitor.refresh();
    nodes.forgetCalls();
    monitor.refresh();

    assertThat(nodes.count("usage 1") + nodes.count("usage 2")).isEqualTo(1);
    assertThat(nodes.count("usage 3")).isEqualTo(1);
  }

  @Test
  void recoveryIsSeenInTheNextRound() throws InterruptedException {
    monitor.refresh();
    nodes.host(1, Trouble.SILENT);
    nodes.device(3, Trouble.REFUSES);
    monitor.refresh();
    nodes.allIsWell();
    monitor.refresh();

    for (int device : new int[] {1, 2, 3}) {
      assertThat(monitor.view().shouldGetNewFiles(device(device))).isTrue();
    }
  }

  @Test
  void aDeviceThatCannotBeWrittenIsReadable() throws InterruptedException {
    nodes.device(1, Trouble.READ_ONLY);
    monitor.refresh();

    assertThat(reach(1)).isEqualTo(Reach.READABLE);
    assertThat(monitor.view().shouldRead(device(1))).isTrue();
    assertThat(monitor.view().shouldGetNewFiles(device(1))).isFalse();
  }

  @Test
  void writesAreTriedEveryFifteenSeconds() throws InterruptedException {
    monitor.refresh();
    nodes.device(1, Trouble.READ_ONLY);
    time.advance(Duration.ofSeconds(14));
    monitor.refresh();
    assertThat(nodes.count("testWrite 1")).isEqualTo(1);
    assertThat(reach(1)).isEqualTo(Reach.WRITEABLE);

    time.advance(Duration.ofSeconds(1));
    monitor.refresh();
    assertThat(nodes.count("testWrite 1")).isEqualTo(2);
    assertThat(reach(1)).isEqualTo(Reach.READABLE);
  }

  @Test
  void onlyWhatMayBeWrittenIsTried() throws InterruptedException {
    tables.device(4, 1, DeviceStatus.READONLY).device(5, 1, DeviceStatus.DRAIN);
    tables.device(6, 1, DeviceStatus.DOWN).device(7, 1, DeviceStatus.DEAD);
    tables.host(3, HostStatus.READONLY, 8).host(4, HostStatus.DOWN, 9);
    monitor.refresh();

    assertThat(nodes.calls())
        .contains("usage 4", "usage 5", "testWrite 5", "usage 8")
        .doesNotContain("testWrite 4", "testWrite 8", "usage 6", "usage 7", "usage 9");
    assertThat(reach(4)).isEqualTo(Reach.READABLE);
    assertThat(reach(5)).isEqualTo(Reach.WRITEABLE);
    assertThat(reach(6)).isEqualTo(Reach.UNKNOWN);
  }

  @Test
  void aUsageFileThatMakesNoSenseChangesNothing() throws InterruptedException {
    monitor.refresh();
    nodes.device(1, Trouble.GARBLED);
    monitor.refresh();

    assertThat(reach(1)).isEqualTo(Reach.WRITEABLE);
    assertThat(device(1).freeFraction()).isEqualTo(0.6);
  }

  @Test
  void whetherMd5IsCheckedIsRemembered() throws InterruptedException {
    nodes.rejectBadMd5();
    monitor.refresh();
    monitor.refresh();

    assertThat(monitor.view().observation(new DeviceId(1)).rejectsBadMd5())
        .isEqualTo(Optional.of(true));
    assertThat(nodes.count("rejectsBadMd5 1")).isEqualTo(1);
  }

  @Test
  void utilizationIsThatOfTheNewestSampleAndEmptyWithoutOne() throws InterruptedException {
    nodes.busy(1, "12.50");
    nodes.busy(2, "-");
    nodes.device(2, Trouble.REFUSES);
    monitor.refresh();
    assertThat(utilization(1)).isEqualTo("12.50");
    assertThat(utilization(2)).isEqualTo("-");
    assertThat(utilization(3)).isEmpty();
    assertThat(reach(2)).isEqualTo(Reach.UNREACHABLE);

    nodes.busy(1, "99");
    monitor.refresh();
    assertThat(utilization(1)).isEqualTo("99");
    assertThat(reach(1)).isEqualTo(Reach.WRITEABLE);

    nodes.busy(1, "");
    monitor.refresh();
    assertThat(utilization(1)).isEmpty();
  }

  @Test
  void rereadingShowsWhatAnotherTrackerMade() {
    assertThat(monitor.view().device(new DeviceId(1))).isEmpty();

    assertThat(monitor.reread().device(new DeviceId(1))).isPresent();
    assertThat(nodes.calls()).isEmpty();
  }

  @Test
  void whileTheDatabaseIsDownTheLastReadingHolds() throws InterruptedException {
    monitor.refresh();
    tables.isDown(true);

    monitor.registry().step();
    monitor.probes().step();
    assertThat(monitor.isDatabaseDown()).isTrue();
    assertThat(monitor.view().shouldRead(device(1))).isTrue();
    assertThatThrownBy(monitor::reread).isInstanceOf(StoreException.class);

    tables.isDown(false);
    monitor.registry().step();
    assertThat(monitor.isDatabaseDown()).isFalse();
  }

  @Test
  void nobodyIsReadyBeforeTheDatabaseWasRead() throws InterruptedException {
    tables.isDown(true);
    monitor.registry().step();
    monitor.probes().step();

    assertThat(monitor.isReady()).isFalse();
    assertThat(monitor.awaitReady(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void oneOfSeveralTrackersSavesSpaceEveryFifteenSeconds() throws InterruptedException {
    var other = monitor("b");
    monitor.refresh();
    other.refresh();
    other.registry().step();
    assertThat(tables.space(1)).isPresent();

    tables.device(1, 1, DeviceStatus.ALIVE);
    monitor.registry().step();
    other.registry().step();
    assertThat(tables.space(1)).isEmpty();

    time.advance(Duration.ofSeconds(15));
    monitor.registry().step();
    assertThat(tables.space(1)).isEmpty();
    other.registry().step();
    assertThat(tables.space(1)).isPresent();
  }

  @Test
  void whatIsNotProbedAnyMoreIsNotObserved() throws InterruptedException {
    monitor.refresh();
    tables.device(1, 1, DeviceStatus.DOWN);
    monitor.refresh();

    assertThat(reach(1)).isEqualTo(Reach.UNKNOWN);
  }

  @Test
  void zonesThatCannotBeReadAreToldOnceAndTheOthersUsed() throws InterruptedException {
    var log = (Logger) LoggerFactory.getLogger(Monitor.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    try {
      tables.set("network_zones", Optional.of("near,far"));
      tables.set("zone_near", Optional.of("127.0.0.0/8 nonsense 1.2.3.4/99"));
      monitor.registry().step();
      time.advance(Duration.ofSeconds(4));
      monitor.registry().step();

      assertThat(monitor.view().zoneOf(device(1))).contains("near");
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "settings of network zones without effect: zone near: nonsense is not a network;"
                  + " zone near: 1.2.3.4/99 is not a network; zone far has no networks");
    } finally {
      log.detachAppender(lines);
    }
  }

  private Monitor monitor(String owner) {
    return new Monitor(
        new Monitor.Sources(tables, tables, nodes),
        new ClusterView.Defaults(100, 2),
        owner,
        tasks,
        time);
  }

  private Reach reach(int device) {
    return monitor.view().observation(new DeviceId(device)).reach();
  }

  private String utilization(int device) {
    return monitor.view().observation(new DeviceId(device)).utilization();
  }

  private Device device(int id) {
    return monitor.view().device(new DeviceId(id)).orElseThrow();
  }
}
