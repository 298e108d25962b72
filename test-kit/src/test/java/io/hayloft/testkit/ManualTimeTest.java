package io.hayloft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final Tasks tasks = Tasks.virtual();

  @AfterEach
  void stop() {
    tasks.close();
  }

  @Test
  void theClockMovesOnlyByHand() {
    long before = time.nanoTime();

    time.advance(Duration.ofSeconds(90));

    assertThat(time.epochSecond()).isEqualTo(90);
    assertThat(time.since(before)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void aSleeperGoesOnWhenItsTimeHasCome() throws InterruptedException {
    var sleeper = tasks.start("sleeper", () -> time.sleep(Duration.ofSeconds(10)));
    time.awaitWaiting(1);

    time.advance(Duration.ofSeconds(9));
    time.awaitWaiting(1);
    assertThat(sleeper.isRunning()).isTrue();

    assertThat(time.advanceToNext()).isTrue();
    assertThat(sleeper.join(Duration.ofSeconds(10))).isTrue();
    assertThat(time.epochSecond()).isEqualTo(10);
    assertThat(time.advanceToNext()).isFalse();
  }

  @Test
  void aCutRestEndsAtOnceAlsoWhenTheCutCameFirst() throws InterruptedException {
    var rest = time.newRest();
    rest.cut();
    rest.take(Duration.ofHours(1));

    var resting = tasks.start("resting", () -> rest.take(Duration.ofHours(1)));
    time.awaitWaiting(1);
    rest.cut();

    assertThat(resting.join(Duration.ofSeconds(10))).isTrue();
    assertThat(time.now()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void theTimeOfDayMayJumpBackWhileMeasuredTimeDoesNot() {
    time.advance(Duration.ofSeconds(5));
    long before = time.nanoTime();

    time.setTimeOfDay(Instant.EPOCH);

    assertThat(time.nanoTime()).isEqualTo(before);
    assertThat(time.now()).isEqualTo(Instant.EPOCH);
  }
}
