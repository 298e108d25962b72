package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.work.replicate.CopyRequests.Answer;
import io.hayloft.tracker.work.replicate.CopyRequests.Limits;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopyRequestsTest {

  private static final Copy MADE = new Copy.Made(Optional.empty());

  private final Tasks tasks = Tasks.virtual();
  private final GatedNodes nodes = new GatedNodes();
  private final Queue<Long> ended = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    nodes.open();
    tasks.close();
  }

  @Test
  void aCopyThatComesAloneGoesAtOnce() throws Exception {
    nodes.open();
    var requests = requests(new Limits(8, 8, 2));

    assertThat(requests.copy(order(1, 1, 21), 1, () -> true))
        .isInstanceOfSatisfying(
            Answer.Ended.class, answer -> assertThat(answer.copy()).isEqualTo(MADE));
    assertThat(nodes.requests()).containsExactly(List.of(1L));
  }

  @Test
  void whatComesMeanwhileGoesTogether() {
    var requests = requests(new Limits(64, 64, 1));
    start(requests, order(1, 1, 21), 1);
    await().until(() -> nodes.requests().size() == 1);
    LongStream.rangeClosed(2, 20).forEach(fid -> start(requests, order(fid, 1, 21), 1));
    await().until(() -> requests.waiting() == 19);

    nodes.open();

    await().until(() -> ended.size() == 20);
    assertThat(nodes.requests()).hasSize(2);
    assertThat(nodes.requests().getLast()).hasSize(19);
  }

  @Test
  void filesWithTheFewestCopiesGoFirst() {
    var requests = requests(new Limits(64, 2, 1));
    start(requests, order(1, 1, 21), 1);
    await().until(() -> nodes.requests().size() == 1);
    int waiting = 0;
    for (long fid : new long[] {2, 3, 4, 5}) {
      start(requests, order(fid, 1, 21), fid % 2 == 0 ? 2 : 1);
      int now = ++waiting;
      await().until(() -> requests.waiting() == now);
    }

    nodes.open();

    await().until(() -> ended.size() == 5);
    assertThat(nodes.requests()).containsExactly(List.of(1L), List.of(3L, 5L), List.of(2L, 4L));
  }

  @Test
  void aDeviceIsNotAskedForMoreThanItsShareAndLetsOthersPass() {
    var requests = requests(new Limits(2, 64, 8));
    LongStream.rangeClosed(1, 5).forEach(fid -> start(requests, order(fid, 1, 21), 1));
    await().until(() -> nodes.underWay() == 2);

    start(requests, order(6, 2, 22), 2);
    start(requests, order(7, 1, 31), 1);

    await().until(() -> nodes.requests().contains(List.of(6L)));
    assertThat(nodes.underWay()).as("7 reads from a busy device").isEqualTo(3);
    nodes.open();
    await().until(() -> ended.size() == 7);
  }

  @Test
  void aLastSlowCopyDoesNotHoldUpItsHost() {
    var requests = requests(new Limits(64, 64, 1));
    start(requests, order(1, 1, 21), 1);
    await().until(() -> nodes.requests().size() == 1);
    LongStream.rangeClosed(2, 9).forEach(fid -> start(requests, order(fid, 1, 21), 1));
    await().until(() -> requests.waiting() == 8);
    nodes.endOne();
    await().until(() -> nodes.requests().size() == 2);
    start(requests, order(10, 1, 22), 1);
    await().until(() -> requests.waiting() == 1);
    for (int i = 0; i < 6; i++) {
      nodes.endOne();
    }

    await().until(() -> nodes.requests().contains(List.of(10L)));
  }

  @Test
  void whatIsNotGoodAnyMoreIsNotBegun() throws Exception {
    var requests = requests(new Limits(1, 1, 1));
    start(requests, order(1, 1, 21), 1);
    await().until(() -> nodes.requests().size() == 1);
    var good = new AtomicBoolean(true);
    var answers = new ConcurrentLinkedQueue<Answer>();
    tasks.start("stale", () -> answers.add(requests.copy(order(2, 1, 21), 1, good::get)));
    await().until(() -> requests.waiting() == 1);

    good.set(false);

    await().until(() -> !answers.isEmpty());
    assertThat(answers).containsExactly(new Answer.Stale());
    assertThat(requests.waiting()).isZero();
    nodes.open();
    assertThat(requests.copy(order(3, 1, 21), 1, () -> false)).isEqualTo(new Answer.Stale());
    assertThat(nodes.requests()).containsExactly(List.of(1L));
  }

  @Test
  void aRequestThatBreaksFailsItsCopiesAndGivesTheirPlacesBack() throws Exception {
    var requests = requests(new Limits(1, 1, 1));
    nodes.breakNext();
    assertThat(requests.copy(order(1, 1, 21), 1, () -> true))
        .isInstanceOfSatisfying(
            Answer.Ended.class,
            answer -> assertThat(answer.copy()).isInstanceOf(Copy.DestinationFailed.class));
    nodes.open();

    assertThat(requests.copy(order(2, 1, 21), 1, () -> true))
        .isInstanceOfSatisfying(
            Answer.Ended.class, answer -> assertThat(answer.copy()).isEqualTo(MADE));
  }

  private CopyRequests requests(Limits limits) {
    return new CopyRequests(nodes, limits, tasks, Time.system());
  }

  private void start(CopyRequests requests, Order order, int copies) {
    tasks.start(
        "copy",
        () -> {
          var _ = requests.copy(order, copies, () -> true);
          ended.add(order.to().path().fid().value());
        });
  }

  /** Devices 1 to 9 are on host 1, 11 to 19 on host 2 and so on. */
  private static Order order(long fid, int from, int to) {
    return new Order(place(fid, from), place(fid, to), 5, Optional.empty(), Optional.empty());
  }

  private static Place place(long fid, int device) {
    var host =
        new Host(
            new HostId(1 + device / 10),
            "h" + device / 10,
            HostStatus.ALIVE,
            HostAddresses.of("127.0.0." + (1 + device / 10), 7500));
    return Place.of(host, new DeviceId(device), new Fid(fid));
  }
}
