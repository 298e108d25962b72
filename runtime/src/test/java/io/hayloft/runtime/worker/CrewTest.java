package io.hayloft.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.HandSetTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final HandSetTime time = new HandSetTime();
  private final Tasks tasks = Tasks.virtual();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger steps = new AtomicInteger();
  private final CountDownLatch never = new CountDownLatch(1);
  private final Semaphore deafWait = new Semaphore(0);

  /** The least number that is asked for, so that back-off is half of its ceiling. */
  private final RandomGenerator lowest = () -> 0L;

  @AfterEach
  void stop() {
    never.countDown();
    deafWait.release(100);
    tasks.close();
  }

  private Crew crew(Worker worker) {
    return new Crew("job", () -> worker, tasks, time, lowest, meters);
  }

  private Pace count(Pace next) {
    steps.incrementAndGet();
    return next;
  }

  @Test
  void asManyLoopsRunAsAreWanted() throws InterruptedException {
    var crew = crew(() -> count(Pace.rest(SECOND)));

    crew.want(3);
    time.awaitWaiting(3);
    assertThat(crew.running()).containsExactly(1L, 2L, 3L);

    crew.want(1);
    await().until(() -> crew.running().equals(List.of(1L)));

    crew.want(2);
    assertThat(crew.running()).containsExactly(1L, 4L);
    assertThat(crew.desired()).isEqualTo(2);
  }

  @Test
  void renewingReplacesAllLoops() throws InterruptedException {
    var crew = crew(() -> count(Pace.rest(SECOND)));
    crew.want(2);
    time.awaitWaiting(2);

    crew.renew();

    await().until(() -> crew.running().equals(List.of(3L, 4L)));
    assertThat(crew.desired()).isEqualTo(2);
  }

  @Test
  void renewingAgainAndAgainDoesNotPileUpLoopsThatDoNotEnd() {
    var crew =
        crew(
            () -> {
              deafWait.acquireUninterruptibly();
              return count(Pace.rest(SECOND));
            });
    crew.want(2);
    // One that is told to end before it begins its step does not get stuck in it.
    await().until(() -> crew.states().stream().filter(LoopState::inStep).count() == 2);

    for (int i = 0; i < 10; i++) {
      crew.renew();
    }

    assertThat(crew.running()).hasSize(4);
  }

  @Test
  void aRestLastsAsLongAsTheStepAskedFor() throws InterruptedException {
    crew(() -> count(Pace.rest(SECOND))).want(1);
    time.awaitWaiting(1);

    time.advance(Duration.ofMillis(999));
    time.awaitWaiting(1);
    assertThat(steps).hasValue(1);

    time.advance(Duration.ofMillis(1));
    await().untilAtomic(steps, is(2));
  }

  @Test
  void wakingCutsTheRestOfAllLoops() throws InterruptedException {
    var crew = crew(() -> count(Pace.rest(SECOND)));
    crew.want(2);
    time.awaitWaiting(2);

    crew.wake();

    await().untilAtomic(steps, is(4));
  }

  @Test
  void aStepWithMoreToDoIsFollowedAtOnce() throws InterruptedException {
    crew(() -> count(steps.get() < 99 ? Pace.again() : Pace.rest(SECOND))).want(1);

    time.awaitWaiting(1);
    assertThat(steps).hasValue(100);
  }

  @Test
  void aFailingStepIsTriedAgainAfterPausesThatGrow() throws InterruptedException {
    var crew =
        crew(
            () -> {
              steps.incrementAndGet();
              throw new IllegalStateException("on purpose");
            });
    crew.want(1);

    for (long pause : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
      time.awaitWaiting(1);
      int before = steps.get();
      time.advance(Duration.ofMillis(pause - 1));
      time.awaitWaiting(1);
      assertThat(steps).hasValue(before);
      time.advance(Duration.ofMillis(1));
      await().untilAtomic(steps, is(before + 1));
    }
    time.awaitWaiting(1);
    assertThat(crew.states().getFirst().failures()).isEqualTo(9);
    assertThat(meters.get("hayloft.worker.step.failures").counter().count()).isEqualTo(9);
  }

  @Test
  void aGoodStepEndsTheBackOff() throws InterruptedException {
    var crew =
        crew(
            () -> {
              if (steps.incrementAndGet() % 3 != 0) {
                throw new IllegalStateException("on purpose");
              }
              return Pace.again();
            });
    crew.want(1);

    for (long pause : new long[] {100, 200, 100, 200}) {
      time.awaitWaiting(1);
      time.advance(Duration.ofMillis(pause));
    }
    time.awaitWaiting(1);
    assertThat(steps).hasValue(7);
  }

  @Test
  void stepsAreCountedAndTimed() throws InterruptedException {
    var crew =
        crew(
            () -> {
              time.advance(Duration.ofMillis(30));
              return Pace.rest(SECOND);
            });
    crew.want(1);
    time.awaitWaiting(1);

    var timer = meters.get("hayloft.worker.step").tag("job", "job").timer();
    assertThat(timer.count()).isEqualTo(1);
    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
    assertThat(meters.get("hayloft.worker.loops.running").gauge().value()).isEqualTo(1);
    assertThat(meters.get("hayloft.worker.loops.wanted").gauge().value()).isEqualTo(1);
  }

  @Test
  void aLoopThatHangsIsInterruptedAndReplaced() throws InterruptedException {
    var inStep = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var crew =
        crew(
            () -> {
              if (steps.incrementAndGet() > 1) {
                return Pace.rest(SECOND);
              }
              inStep.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return Pace.again();
            });
    crew.want(1);
    assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();

    time.advance(SECOND);
    assertThat(crew.stuck(SECOND)).isEmpty();
    assertThat(crew.replaceStuck(SECOND)).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(crew.stuck(SECOND)).extracting(LoopState::id).containsExactly(1L);
    new Watchdog(List.of(crew), SECOND).step();

    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    time.awaitWaiting(1);
    await().until(() -> crew.running().equals(List.of(2L)));
  }

  @Test
  void aLoopThatRestsForLongIsNotStuck() throws InterruptedException {
    var crew = crew(() -> Pace.rest(Duration.ofHours(2)));
    crew.want(1);
    time.awaitWaiting(1);

    time.advance(Duration.ofHours(1));

    assertThat(crew.replaceStuck(SECOND)).isEmpty();
    assertThat(crew.running()).containsExactly(1L);
  }

  @Test
  void loopsThatHeedNoInterruptAreReplacedOnceEach() throws InterruptedException {
    var inStep = new Semaphore(0);
    var crew =
        crew(
            () -> {
              inStep.release();
              deafWait.acquireUninterruptibly();
              return Pace.rest(SECOND);
            });
    crew.want(1);
    for (int round = 0; round < 5; round++) {
      if (round < 2) {
        assertThat(inStep.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      }
      time.advance(Duration.ofSeconds(2));
      crew.replaceStuck(SECOND);
    }

    assertThat(crew.running()).containsExactly(1L, 2L);
  }

  @Test
  void aLoopThatAnErrorEndedIsReplaced() throws InterruptedException {
    var crew =
        crew(
            () -> {
              if (steps.incrementAndGet() == 1) {
                throw new StackOverflowError("on purpose");
              }
              return Pace.rest(SECOND);
            });
    crew.want(1);
    await().until(() -> crew.running().isEmpty());

    crew.replaceStuck(SECOND);

    time.awaitWaiting(1);
    assertThat(crew.running()).containsExactly(2L);
  }

  @Test
  void closingEndsAllLoopsAfterTheirStep() throws InterruptedException {
    var crew = crew(() -> count(Pace.rest(SECOND)));
    crew.want(3);
    time.awaitWaiting(3);

    crew.close();

    assertThat(crew.running()).isEmpty();
    assertThat(steps).hasValue(3);
  }

  @Test
  void aNegativeNumberIsABug() {
    assertThatThrownBy(() -> crew(() -> Pace.again()).want(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Pace.rest(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
