package io.hayloft.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualTasksTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofMillis(200);

  private final Tasks tasks = new VirtualTasks(CLOSING);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Semaphore deafWait = new Semaphore(0);

  @AfterEach
  void stop() {
    never.countDown();
    deafWait.release();
    tasks.close();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private boolean isInterruptedWhileWaiting() {
    try {
      never.await();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  @Test
  void resultsComeInTheOrderOfTheItems() throws InterruptedException {
    var lastFirst = new CountDownLatch(1);

    var results =
        tasks.forEach(
            numbers(3),
            3,
            n -> {
              if (n == 2) {
                lastFirst.countDown();
              } else {
                awaitQuietly(lastFirst);
              }
              return n * 10;
            });

    assertThat(results).containsExactly(0, 10, 20);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitAll(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("three should be in flight at once", e);
    }
  }

  @Test
  void noMoreThanTheLimitAreInFlight() throws InterruptedException {
    var inFlight = new AtomicInteger();
    var most = new AtomicInteger();
    var threeAtOnce = new CyclicBarrier(3);

    tasks.forEach(
        numbers(60),
        3,
        n -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          awaitAll(threeAtOnce);
          inFlight.decrementAndGet();
          return n;
        });

    assertThat(most).hasValue(3);
  }

  @Test
  void theFirstFailureIsThrownAfterTheOthersHaveEnded() {
    var ended = new ConcurrentLinkedQueue<Integer>();

    assertThatThrownBy(
            () ->
                tasks.forEach(
                    numbers(9),
                    3,
                    n -> {
                      if (n % 3 == 1) {
                        throw new IllegalArgumentException("no " + n);
                      }
                      ended.add(n);
                      return n;
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no 1");

    assertThat(ended).containsExactlyInAnyOrder(0, 2, 3, 5, 6, 8);
  }

  @Test
  void anInterruptOfTheCallerInterruptsWhatItStarted() throws InterruptedException {
    var started = new CountDownLatch(2);
    var interrupted = new Semaphore(0);
    var caller =
        tasks.start(
            "caller",
            () ->
                tasks.forEach(
                    numbers(4),
                    2,
                    _ -> {
                      started.countDown();
                      if (isInterruptedWhileWaiting()) {
                        interrupted.release();
                      }
                      return 0;
                    }));

    awaitQuietly(started);
    caller.cancel();

    assertThat(caller.join(SOON)).isTrue();
    assertThat(interrupted.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void noItemsNeedNoThread() throws InterruptedException {
    assertThat(tasks.forEach(List.<Integer>of(), 1, n -> n)).isEmpty();
    assertThat(tasks.forEach(List.of(1), 1, _ -> Thread.currentThread()))
        .containsExactly(Thread.currentThread());
  }

  @Test
  void aLimitOfNothingIsABug() {
    assertThatThrownBy(() -> tasks.forEach(numbers(2), 0, n -> n))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCallThatTakesTooLongIsInterrupted() {
    var interrupted = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                tasks.within(
                    Duration.ofMillis(20),
                    () -> {
                      if (isInterruptedWhileWaiting()) {
                        interrupted.countDown();
                      }
                      return 0;
                    }))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("no answer within 20 ms");

    awaitQuietly(interrupted);
  }

  @Test
  void aCallInTimeGivesItsAnswerOrItsException() throws Exception {
    assertThat(tasks.within(SOON, () -> 7)).isEqualTo(7);
    assertThat(tasks.within(Duration.ofDays(400 * 365), () -> 7)).isEqualTo(7);
    assertThatThrownBy(
            () ->
                tasks.within(
                    SOON,
                    () -> {
                      throw new IOException("broken");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
  }

  @Test
  void closingInterruptsAndWaits() {
    var interrupted = new AtomicBoolean();
    var started = new CountDownLatch(1);
    tasks.start(
        "waiting",
        () -> {
          started.countDown();
          interrupted.set(isInterruptedWhileWaiting());
        });
    awaitQuietly(started);

    tasks.close();

    assertThat(interrupted).isTrue();
  }

  @Test
  void closingGivesUpOnATaskThatDoesNotStop() {
    var deaf = tasks.start("deaf", deafWait::acquireUninterruptibly);

    tasks.close();

    assertThat(deaf.isRunning()).isTrue();
  }

  @Test
  void aTaskMayCloseWhatItRunsIn() throws InterruptedException {
    var closed = new AtomicBoolean();
    var closer =
        tasks.start(
            "closer",
            () -> {
              tasks.close();
              closed.set(!Thread.currentThread().isInterrupted());
            });

    assertThat(closer.join(SOON)).isTrue();
    assertThat(closed).isTrue();
  }

  @Test
  void nothingStartsAfterClosing() {
    tasks.close();

    assertThatThrownBy(() -> tasks.start("late", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> tasks.executor("late").execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> tasks.forEach(numbers(2), 1, n -> n))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aFailingTaskHurtsNobody() throws InterruptedException {
    var failing =
        tasks.start(
            "failing",
            () -> {
              throw new IllegalStateException("on purpose");
            });
    assertThat(failing.join(SOON)).isTrue();

    var ran = new CountDownLatch(1);
    tasks.executor("next").execute(ran::countDown);
    await().until(() -> ran.getCount() == 0);
  }
}
