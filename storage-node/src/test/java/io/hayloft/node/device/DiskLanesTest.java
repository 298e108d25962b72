package io.hayloft.node.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskLanesTest {

  private static final DeviceId HANGING = new DeviceId(1);
  private static final DeviceId GOOD = new DeviceId(2);

  private final Tasks tasks = Tasks.virtual();
  private final DiskLanes lanes = new DiskLanes(tasks.executor("disk"), 2, 3);
  private final Semaphore disk = new Semaphore(0);
  private final AtomicInteger began = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void stop() {
    disk.release(1_000);
    tasks.close();
  }

  private void hang() {
    began.incrementAndGet();
    disk.acquireUninterruptibly();
    ended.incrementAndGet();
  }

  @Test
  void howLongWorkTakesIsCountedInClassesThatGrowFourfold() {
    var times = new DiskTimes(Time.system());
    for (long micros : new long[] {0, 64, 65, 256, 257, 4_194_304, 4_194_305, Long.MAX_VALUE}) {
      times.took(HANGING, micros);
    }
    times.run(GOOD, () -> {});

    assertThat(times.text(HANGING))
        .isEqualTo("64:2 256:2 1024:1 4096:0 16384:0 65536:0 262144:0 1048576:0 4194304:1 more:2");
    assertThat(times.text(GOOD)).contains(":1").doesNotContain("more:1");
    assertThat(times.text(new DeviceId(3))).doesNotContainPattern(":[1-9]");
  }

  @Test
  void hangingDiskHoldsUpOnlyItsOwnWork() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      assertThat(lanes.offer(HANGING, this::hang)).isTrue();
    }
    assertThat(lanes.offer(HANGING, this::hang)).isFalse();
    assertThat(lanes.waiting()).isEqualTo(3);

    for (int i = 0; i < 100; i++) {
      var done = new Semaphore(0);
      assertThat(lanes.offer(GOOD, done::release)).isTrue();
      assertThat(done.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(began).hasValue(2);
  }

  @Test
  void workThatWasBegunIsNeverRefused() {
    for (int i = 0; i < 5; i++) {
      lanes.offer(HANGING, this::hang);
    }
    lanes.resume(HANGING, this::hang);
    assertThat(lanes.waiting()).isEqualTo(4);

    disk.release(100);
    await().until(() -> ended.get() == 6);
    assertThat(lanes.waiting()).isZero();
  }

  @Test
  void failingWorkDoesNotBlockTheLane() {
    for (int i = 0; i < 3; i++) {
      lanes.resume(
          GOOD,
          () -> {
            began.incrementAndGet();
            throw new IllegalStateException("on purpose");
          });
    }
    await().until(() -> began.get() == 3);
    assertThat(lanes.offer(GOOD, ended::incrementAndGet)).isTrue();
    await().until(() -> ended.get() == 1);
  }

  @Test
  void ofWorkInTurnsEachTurnIsTimedByItself() {
    var times = new DiskTimes(Time.system());
    var timed = new DiskLanes(Runnable::run, 2, 3, times);

    timed.offerInTurns(
        GOOD,
        () -> {
          for (int i = 0; i < 5; i++) {
            timed.turn(GOOD, ended::incrementAndGet);
          }
        });
    timed.offer(GOOD, ended::incrementAndGet);

    assertThat(ended).hasValue(6);
    assertThat(java.util.Arrays.stream(times.text(GOOD).split(" ")))
        .extracting(each -> Integer.parseInt(each.substring(each.indexOf(':') + 1)))
        .satisfies(counts -> assertThat(counts.stream().mapToInt(i -> i).sum()).isEqualTo(6));
  }

  /** Or work that gives way to others would give way to threads that do nothing. */
  @Test
  void aThreadThatRestsIsNoWorkButOneThatIsTaken() {
    var resting = new Semaphore(0);
    Runnable rest = () -> lanes.rest(GOOD, resting::acquireUninterruptibly);
    assertThat(lanes.offerInTurns(GOOD, rest)).isTrue();
    assertThat(lanes.offerInTurns(GOOD, rest)).isTrue();
    await().untilAsserted(() -> assertThat(lanes.isQuiet(GOOD, 0)).isTrue());

    assertThat(lanes.offer(GOOD, this::hang)).isTrue();
    assertThat(lanes.waiting()).isEqualTo(1);
    assertThat(lanes.isQuiet(GOOD, 0)).isFalse();

    resting.release(2);
    await().untilAsserted(() -> assertThat(began).hasValue(1));
    assertThat(lanes.isQuiet(GOOD, 0)).isFalse();
  }

  @Test
  void aThreadThatEndsInAnErrorLeavesItsPlace() {
    var direct = new DiskLanes(Runnable::run, 2, 3);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  direct.offer(
                      GOOD,
                      () -> {
                        throw new AssertionError("on purpose");
                      }))
          .hasMessage("on purpose");
    }
    assertThat(direct.offer(GOOD, ended::incrementAndGet)).isTrue();
    assertThat(ended).hasValue(1);
  }
}
