package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.HostId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that hangs has a few places of requests, and never all. */
@Timeout(20)
class HostWaitsTest {

  private static final HostId HUNG = new HostId(1);
  private static final HostId WELL = new HostId(2);

  private final Tasks tasks = Tasks.virtual();
  private final ManualTime time = ManualTime.start();
  private final Suspects suspects = new Suspects(time);
  private final AtomicInteger aside = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final HostWaits waits =
      new HostWaits(
          new Places() {
            @Override
            public <T> T aside(Wait<T> wait) throws InterruptedException {
              aside.incrementAndGet();
              return wait.await();
            }
          },
          suspects);

  @AfterEach
  void close() {
    answer.countDown();
    tasks.close();
  }

  private boolean hang() throws InterruptedException {
    waiting.incrementAndGet();
    answer.await();
    return waiting.decrementAndGet() >= 0;
  }

  private void hangAll(int requests) {
    int before = waiting.get();
    for (int i = 0; i < requests; i++) {
      tasks.start("request", () -> waits.await(HUNG, this::hang));
    }
    await().until(() -> waiting.get() == before + requests);
  }

  @Test
  void someKeepTheirPlacesAndFurtherOnesWaitWithout() throws InterruptedException {
    hangAll(HostWaits.WITH_A_PLACE);
    assertThat(aside).hasValue(0);

    hangAll(7);
    assertThat(aside).hasValue(7);

    assertThat(waits.<Integer>await(WELL, () -> 5)).isEqualTo(5);
    assertThat(aside).as("who waits for another host has nothing to do with it").hasValue(7);
  }

  @Test
  void ofAHostThatIsKnownToHangFewerKeepTheirs() {
    var question = suspects.ask(HUNG);
    time.advance(Duration.ofMillis(101));

    hangAll(HostWaits.WITH_A_PLACE_FOR_A_SUSPECT);
    assertThat(aside).hasValue(0);
    hangAll(1);
    assertThat(aside).hasValue(1);
    question.close();
  }

  @Test
  void whoWaitsWithoutAThreadIsCountedWithTheOthers() {
    for (int i = 0; i < HostWaits.WITH_A_PLACE; i++) {
      assertThat(waits.enter(HUNG)).isTrue();
    }
    assertThat(waits.enter(HUNG)).isFalse();
    hangAll(1);
    assertThat(aside).hasValue(1);

    waits.leave(HUNG);
    assertThat(waits.enter(HUNG)).as("one waits aside").isFalse();
    waits.leave(HUNG);
    assertThat(waits.enter(HUNG)).isTrue();
  }

  @Test
  void whenVeryManyWaitTheNextIsRefusedUntilSomeHaveTheirAnswer() throws InterruptedException {
    hangAll(HostWaits.MOST);

    assertThatThrownBy(() -> waits.await(HUNG, () -> 5))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reply()).isEqualTo(Reply.err(ErrorCode.BUSY)));

    answer.countDown();
    await().until(() -> waiting.get() == 0);
    await().untilAsserted(() -> assertThat(waits.<Integer>await(HUNG, () -> 5)).isEqualTo(5));
  }
}
