package io.hayloft.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SystemTimeTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final Time time = Time.system();

  @Test
  void aSleepTakesAtLeastItsTime() throws InterruptedException {
    long started = time.nanoTime();

    time.sleep(Duration.ofMillis(5));

    assertThat(time.since(started)).isGreaterThanOrEqualTo(Duration.ofMillis(5));
  }

  @Test
  void nothingToSleepReturnsAtOnce() throws InterruptedException {
    time.sleep(Duration.ZERO);
    time.sleep(Duration.ofSeconds(-5));
    time.newRest().take(Duration.ofSeconds(-5));
  }

  @Test
  void aRestTakesAtLeastItsTime() throws InterruptedException {
    long started = time.nanoTime();

    time.newRest().take(Duration.ofMillis(5));

    assertThat(time.since(started)).isGreaterThanOrEqualTo(Duration.ofMillis(5));
  }

  @Test
  void aCutThatCameFirstEndsOneRest() throws InterruptedException {
    var rest = time.newRest();
    rest.cut();
    rest.cut();

    rest.take(LONG);
    long started = time.nanoTime();
    rest.take(Duration.ofMillis(5));

    assertThat(time.since(started)).isGreaterThanOrEqualTo(Duration.ofMillis(5));
  }

  @Test
  void anotherThreadCutsARestShort() throws InterruptedException {
    var rest = time.newRest();
    var resting = Thread.ofVirtual().start(() -> takeLong(rest));

    rest.cut();

    assertThat(resting.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void anInterruptEndsARest() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> time.newRest().take(LONG)).isInstanceOf(InterruptedException.class);
  }

  private static void takeLong(Rest rest) {
    try {
      rest.take(LONG);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
