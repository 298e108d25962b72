package io.hayloft.node.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.node.blob.DiskException;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskShareTest {

  private static final DeviceId DEV1 = new DeviceId(1);
  private static final DeviceId DEV2 = new DeviceId(2);
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final Tasks tasks = Tasks.virtual();
  private final DiskLanes lanes = new DiskLanes(tasks.executor("lane"), 4, 10);
  private final DiskShare share = new DiskShare(lanes, 2, PATIENCE, Time.system());
  private final CountDownLatch diskMoves = new CountDownLatch(1);

  @AfterEach
  void stop() {
    diskMoves.countDown();
    tasks.close();
  }

  private boolean hang() {
    return isOver(diskMoves);
  }

  @Test
  void clientsFindTheirTurnHoweverMuchIsAskedFor() throws Exception {
    IntStream.range(0, 20)
        .forEach(
            _ ->
                tasks.start(
                    "asker",
                    () -> {
                      try {
                        share.submit(DEV1, this::hang).get();
                      } catch (DiskException | ExecutionException refused) {
                        // Too late for a place: those who come to a disk that hangs are sent away.
                      }
                    }));
    var client = new CountDownLatch(1);

    assertThat(lanes.offer(DEV1, client::countDown)).isTrue();

    assertThat(client.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(lanes.waiting()).isZero();
  }

  @Test
  void aDiskThatHangsFailsItsCallersAndLaterOnesAtOnceAndNoOtherDisk() throws Exception {
    var first = share.submit(DEV1, this::hang);
    var second = share.submit(DEV1, this::hang);
    assertThatThrownBy(() -> share.await(DEV1, first))
        .isInstanceOf(DiskException.class)
        .hasMessage("dev1 does not answer in time");
    assertThatThrownBy(() -> share.run(DEV1, () -> true)).isInstanceOf(DiskException.class);

    long started = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> share.run(DEV1, () -> true)).isInstanceOf(DiskException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(PATIENCE.multipliedBy(50));
    assertThat(share.run(DEV2, () -> true)).isTrue();

    diskMoves.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(share.run(DEV1, () -> true)).isTrue();
  }

  @Test
  void whoComesToADiskThatMovesWaitsForAPlace() throws Exception {
    var patient = new DiskShare(lanes, 2, Duration.ofSeconds(20), Time.system());
    var brief = new CountDownLatch(1);
    var hung = patient.submit(DEV1, this::hang);
    for (int i = 0; i < 5; i++) {
      assertThat(patient.run(DEV1, () -> true)).isTrue();
    }
    var before = patient.submit(DEV1, () -> isOver(brief));
    var third = new CompletableFuture<Boolean>();
    tasks.start(
        "third",
        () -> {
          try {
            third.complete(patient.run(DEV1, () -> true));
          } catch (DiskException refused) {
            third.completeExceptionally(refused);
          }
        });
    Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> !third.isDone());
    brief.countDown();

    assertThat(third.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(before.get(10, TimeUnit.SECONDS)).isTrue();
    diskMoves.countDown();
    assertThat(hung.get(10, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().untilAsserted(() -> assertThat(patient.disks()).isZero());
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void workThatHasTimeGivesWayToClientsThatComeLater() {
    for (int i = 0; i < 5; i++) {
      assertThat(lanes.offer(DEV1, this::hang)).isTrue();
    }
    var order = new ConcurrentLinkedQueue<String>();
    tasks.start(
        "digest",
        () -> {
          try {
            share.runAfterClients(DEV1, () -> order.add("digest"));
          } catch (DiskException e) {
            order.add(e.toString());
          }
        });
    Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    assertThat(lanes.offer(DEV1, () -> order.add("client"))).isTrue();

    diskMoves.countDown();

    Awaitility.await().until(() -> order.size() == 2);
    assertThat(order).containsExactly("client", "digest");
  }

  @Test
  void workThatHasTimeDoesNotWaitForEver() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(lanes.offer(DEV1, this::hang)).isTrue();
    }
    long started = System.nanoTime();
    assertThat(share.runAfterClients(DEV1, () -> 5)).isEqualTo(5);
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofMillis(250), Duration.ofSeconds(10));
  }

  @Test
  void whatADiskFailsIsThrownToWhoAsked() throws Exception {
    assertThatThrownBy(
            () ->
                share.run(
                    DEV1,
                    () -> {
                      throw new DiskException(DiskException.Code.FULL, "No space left on device");
                    }))
        .isInstanceOf(DiskException.class)
        .hasMessage("No space left on device");
    assertThat(share.run(DEV1, () -> 5)).isEqualTo(5);
  }
}
