package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.Place;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReplicaCheckTest {

  private static final Fid FID = new Fid(17);

  private final Tasks tasks = Tasks.virtual();
  private final FakeNodes nodes = new FakeNodes();
  private final Suspects suspects = new Suspects(Time.system());
  private final ReplicaCheck check =
      new ReplicaCheck(
          nodes,
          new World(
              tasks, Time.system(), new Random(1), "here", DurableCopies.NONE, Places.ENDLESS),
          suspects);

  @AfterEach
  void close() {
    nodes.release();
    tasks.close();
  }

  private static List<Place> places(int... devices) {
    var drawing = new Drawing();
    IntStream.of(devices).forEach(device -> drawing.with(device, DeviceStatus.ALIVE));
    var view = drawing.view();
    return IntStream.of(devices)
        .mapToObj(DeviceId::new)
        .map(device -> Place.of(view.hostOf(device).orElseThrow(), device, FID))
        .toList();
  }

  @Test
  void onlyTheFirstIsAskedWhereItIsGood() throws InterruptedException {
    nodes.put(1, 17, 5);
    nodes.put(2, 17, 5);

    assertThat(check.first(places(1, 2), 5)).hasValue(0);
    assertThat(nodes.looked()).containsExactly(1);
  }

  @Test
  void missingWrongAndRefusedReplicasArePassedOver() throws InterruptedException {
    nodes.put(2, 17, 4);
    nodes.put(3, 17, 5);
    nodes.refuse(3);
    nodes.put(4, 17, 5);

    assertThat(check.first(places(1, 2, 3, 4), 5)).hasValue(3);
  }

  @Test
  void noneIsFoundWhereNoneIsWhole() throws InterruptedException {
    nodes.put(2, 17, 4);

    assertThat(check.first(places(1, 2), 5)).isEmpty();
    assertThat(check.first(List.of(), 5)).isEmpty();
  }

  @Test
  void hungNodesDoNotKeepTheOthersFromBeingFound() throws InterruptedException {
    nodes.hang(1);
    nodes.hang(2);
    nodes.put(3, 17, 5);

    assertThat(check.first(places(1, 2, 3), 5)).hasValue(2);
    assertThat(nodes.looked()).containsExactly(1, 2, 3);
  }

  @Test
  void whatDoesNotAnswerInTimeMayStillHoldTheFile() throws InterruptedException {
    nodes.hang(2);
    nodes.hang(3);

    long started = System.nanoTime();
    assertThat(check.first(places(1, 2, 3), 5)).hasValue(1);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void whoHangsIsAskedLastByAllOthers() throws InterruptedException {
    var drawing = new Drawing().with(1, DeviceStatus.ALIVE).with(2, DeviceStatus.ALIVE);
    var view = drawing.view();
    var order = List.copyOf(view.devices());
    assertThat(suspects.last(order)).isEqualTo(order);
    nodes.hang(1);
    nodes.put(2, 17, 5);

    while (suspects.last(order).equals(order)) {
      assertThat(check.first(places(1, 2), 5)).hasValue(1);
    }
    assertThat(suspects.last(order)).isEqualTo(order.reversed());
  }
}
