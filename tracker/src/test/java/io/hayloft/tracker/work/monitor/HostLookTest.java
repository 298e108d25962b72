package io.hayloft.tracker.work.monitor;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HostLookTest {

  private static final HostId ID = new HostId(1);
  private static final Host HOST =
      new Host(ID, "h", HostStatus.ALIVE, HostAddresses.of("127.0.0.1", 7500));

  /** So long that no answer which was to come in time comes late. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private final Tasks tasks = Tasks.virtual();
  private final MemoryNodes nodes = new MemoryNodes();
  private final CountDownLatch latch = new CountDownLatch(1);
  private boolean wasReachable = true;

  @AfterEach
  void stop() {
    latch.countDown();
    tasks.close();
  }

  @Test
  void aHostThatHangsIsOutAsSoonAsPatienceIsOver() throws InterruptedException {
    nodes.hold(1, latch);
    nodes.hold(2, latch);

    assertThat(look(looker(Duration.ofMillis(20)), 2).reachable()).contains(false);
  }

  @Test
  void aQuestionThatIsOpenIsNotPutAgain() throws InterruptedException {
    nodes.hold(1, latch);
    var looker = looker(Duration.ofMillis(20));
    for (int round = 0; round < 3; round++) {
      var report = look(looker, 2);
      assertThat(report.reachable()).contains(true);
      assertThat(report.out()).containsExactly(new DeviceId(1));
      assertThat(report.answered()).containsExactly(new DeviceId(2));
    }

    assertThat(nodes.count("usage 1")).isEqualTo(1);
    assertThat(nodes.count("usage 2")).isEqualTo(3);
  }

  @Test
  void aHostThatIsSlowDoesNotComeAndGo() throws InterruptedException {
    nodes.hold(1, latch);
    var looker = looker(Duration.ofMillis(20));
    assertThat(look(looker, 1).reachable()).contains(false);

    latch.countDown();
    wasReachable = false;
    assertThat(look(looker, 1).reachable()).contains(true);

    wasReachable = true;
    for (int round = 0; round < 3; round++) {
      var later = new CountDownLatch(1);
      nodes.hold(1, later);
      delayedExecutor(100, TimeUnit.MILLISECONDS).execute(later::countDown);
      assertThat(look(looker, 1).reachable()).contains(true);
    }
  }

  @Test
  void thousandsOfQuestionsAreNotPutAtATime() throws InterruptedException {
    for (int device = 1; device <= 50; device++) {
      nodes.hold(device, latch);
    }

    assertThat(look(looker(Duration.ofMillis(20)), 50).reachable()).contains(false);
    assertThat(nodes.count("usage")).isEqualTo(16);
  }

  @Test
  void allDevicesOfALargeHostAreAsked() throws InterruptedException {
    var report = look(looker(LONG), 50);

    assertThat(report.answered()).hasSize(50);
    assertThat(report.space()).hasSize(50);
  }

  @Test
  void aRefusalIsNoSilence() throws InterruptedException {
    nodes.host(1, Trouble.REFUSES);

    var report = look(looker(LONG), 2);
    assertThat(report.reachable()).isEmpty();
    assertThat(report.out()).hasSize(2);
  }

  private HostLook looker(Duration patience) {
    return new HostLook(
        nodes, tasks.executor("look"), Time.system(), new HostLook.Patience(patience, LONG));
  }

  private HostLook.Report look(HostLook looker, int count) throws InterruptedException {
    var devices =
        IntStream.rangeClosed(1, count)
            .mapToObj(
                id -> new Device(new DeviceId(id), ID, DeviceStatus.ALIVE, 100, Optional.empty()))
            .toList();
    var view =
        new ClusterView(
            new Registry(List.of(HOST), devices, Map.of(), new ServerSettings(Map.of())),
            wasReachable ? Set.of(ID) : Set.of(),
            Map.of(),
            new ClusterView.Defaults(100, 2));
    return looker.look(HOST, devices, view);
  }
}
