package io.hayloft.tracker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.worker.Pace;
import io.hayloft.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** How long requests wait for their turn. */
class WaitingLineTest {

  private static final Duration TURN = Duration.ofSeconds(1);

  private final ManualTime time = ManualTime.start();
  private final Queue<Runnable> started = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final RequestQueue queue = new RequestQueue(started::add, time, 2, 10, TURN);

  private boolean submitErrand(String line) {
    return queue.submit(
        new RequestQueue.Ticket(
            "ip",
            line,
            new RequestQueue.Work() {
              @Override
              public void run(long began) {
                done.add(line);
              }

              @Override
              public void giveUp() {
                done.add("no " + line);
              }
            }));
  }

  private void fill() {
    queue.open();
    assertThat(submitErrand("a")).isTrue();
    assertThat(submitErrand("b")).isTrue();
    assertThat(submitErrand("c")).isTrue();
  }

  @Test
  void whoeverHasWaitedForTooLongIsRefusedInsteadOfAnswered() {
    queue.open();
    RequestQueue.Work slow = began -> time.advance(TURN.plusMillis(1));
    assertThat(queue.submit(new RequestQueue.Ticket("ip", "a", slow))).isTrue();
    assertThat(submitErrand("b")).isTrue();
    assertThat(submitErrand("c")).isTrue();
    started.remove().run();

    assertThat(done).containsExactly("no c");
    assertThat(queue.state().refused()).isEqualTo(1);
  }

  @Test
  void whileTheFirstHasWaitedForTooLongNobodyIsLetIn() {
    fill();
    time.advance(TURN.plusMillis(1));

    assertThat(submitErrand("d")).isFalse();
    queue.refuseLate();
    assertThat(done).containsExactly("no c");
    assertThat(submitErrand("e")).isTrue();
    assertThat(queue.state().refused()).isEqualTo(2);
  }

  @Test
  void aLineThatStandsForLongIsKeptShort() {
    fill();
    // Two steps of 900 ms: the line is never empty, and nobody is late.
    time.advance(Duration.ofMillis(900));
    assertThat(submitErrand("d")).isTrue();
    queue.allow(3);
    time.advance(Duration.ofMillis(900));

    assertThat(submitErrand("e")).as("d has waited for 900 ms").isFalse();
    queue.allow(4);
    assertThat(queue.state().waiting()).isZero();
    assertThat(submitErrand("f")).as("it was empty").isTrue();
    time.advance(Duration.ofMillis(900));
    assertThat(submitErrand("g")).as("a new line may stand for a while").isTrue();
  }

  @Test
  void timeBeforeItIsOpenedDoesNotCount() {
    submitErrand("a");
    time.advance(TURN.multipliedBy(10));
    assertThat(submitErrand("b")).isTrue();
    queue.open();
    started.forEach(Runnable::run);

    assertThat(done).containsExactly("a", "b");
  }

  @Test
  void whoWaitsForTooLongInOneLineKeepsNobodyOutOfTheOther() {
    fill();
    time.advance(TURN.plusMillis(1));

    assertThat(submitErrand("d")).isFalse();
    assertThat(
            queue.submit(
                new RequestQueue.Ticket("ip", "look", Lane.LOOK_UPS, began -> done.add("look"))))
        .isTrue();
  }

  @Test
  void whoWaitsForTooLongIsRefusedAlthoughNobodyElseComes() {
    fill();
    time.advance(TURN);
    assertThat(queue.step().pause()).isPositive();
    assertThat(done).isEmpty();
    time.advance(Duration.ofNanos(1));

    assertThat(queue.step()).as("there may be more of them").isEqualTo(Pace.again());

    assertThat(done).containsExactly("no c");
    assertThat(queue.step().pause()).isPositive();
    assertThat(queue.state().refused()).isEqualTo(1);
  }
}
