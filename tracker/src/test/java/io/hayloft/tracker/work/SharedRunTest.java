package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedRunTest {

  private final Tasks tasks = Tasks.virtual();
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger returned = new AtomicInteger();
  private final SharedRun run =
      new SharedRun(
          () -> {
            begun.incrementAndGet();
            mayEnd.acquire();
          });

  @AfterEach
  void stop() {
    tasks.close();
  }

  private void call() {
    tasks.start(
        "caller",
        () -> {
          run.run();
          returned.incrementAndGet();
        });
  }

  @Test
  void thoseWhoWaitTogetherShareOneRunThatBeganAfterTheyCame() {
    call();
    await().until(() -> begun.get() == 1);
    for (int i = 0; i < 20; i++) {
      call();
    }
    mayEnd.release();
    await().until(() -> begun.get() == 2);
    assertThat(returned.get()).isLessThanOrEqualTo(1);

    // A caller may have been too slow to be among the first twenty: then there is a third run.
    mayEnd.release(2);
    await().atMost(Duration.ofSeconds(5)).until(() -> returned.get() == 21);
    assertThat(begun.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void aRunThatWasInterruptedIsNoEnd() throws InterruptedException {
    var first =
        tasks.start(
            "first",
            () -> {
              run.run();
              returned.addAndGet(100);
            });
    await().until(() -> begun.get() == 1);
    call();
    first.cancel();
    assertThat(first.join(Duration.ofSeconds(5))).isTrue();
    await().until(() -> begun.get() == 2);
    assertThat(returned.get()).isZero();

    mayEnd.release();
    await().until(() -> returned.get() == 1);
  }

  @Test
  void aFailureIsTheCallersToo() {
    var failing =
        new SharedRun(
            () -> {
              throw new IllegalStateException("no");
            });

    assertThatThrownBy(failing::run).hasMessage("no");
    assertThatThrownBy(failing::run).hasMessage("no");
  }
}
