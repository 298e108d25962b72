package io.hayloft.node.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopyPlacesTest {

  private static final DeviceId HUNG = new DeviceId(1);
  private static final DeviceId WELL = new DeviceId(2);

  private final Tasks tasks = Tasks.virtual();
  private final CopyPlaces places = new CopyPlaces(4, 2);
  private final CountDownLatch diskMoves = new CountDownLatch(1);

  @AfterEach
  void stop() {
    diskMoves.countDown();
    tasks.close();
  }

  private void copy(DeviceId device, Semaphore begun) throws InterruptedException {
    places.enter(device);
    try {
      begun.release();
      diskMoves.await();
    } finally {
      places.leave(device);
    }
  }

  @Test
  void aDiskThatHangsLeavesPlacesToOthersHoweverMuchIsForIt() throws Exception {
    var begun = new Semaphore(0);
    var asked = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      tasks.start(
          "copy",
          () -> {
            asked.incrementAndGet();
            copy(HUNG, begun);
          });
    }
    assertThat(begun.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().until(() -> asked.get() == 20);

    var others = new Semaphore(0);
    tasks.start("copy", () -> copy(WELL, others));
    tasks.start("copy", () -> copy(WELL, others));

    assertThat(others.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
    assertThat(begun.availablePermits()).isZero();

    diskMoves.countDown();
    assertThat(begun.tryAcquire(18, 10, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().until(() -> places.disks() == 0);
  }

  @Test
  void whoGivesUpWaitingTakesNoPlaceAway() throws Exception {
    places.enter(HUNG);
    places.enter(HUNG);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> places.enter(HUNG)).isInstanceOf(InterruptedException.class);
    places.leave(HUNG);
    places.leave(HUNG);
    assertThat(places.disks()).isZero();

    places.enter(HUNG);
    places.enter(HUNG);
    places.enter(WELL);
    places.enter(WELL);
    assertThat(places.disks()).isEqualTo(2);
  }
}
