package io.hayloft.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private final HandSetTime time = new HandSetTime();

  @Test
  void atFirstASecondsWorthGoesAtOnceAndNoMoreIsSavedUp() {
    var limit = new RateLimit(time, 1_000);
    assertThat(limit.allowance()).isEqualTo(1_000);

    time.advance(Duration.ofMinutes(1));

    assertThat(limit.allowance()).isEqualTo(1_000);
  }

  @Test
  void whatWasTooMuchIsWaitedFor() {
    var limit = new RateLimit(time, 1_000);
    limit.spend(3_000);
    assertThat(limit.allowance()).isZero();
    assertThat(limit.untilAllowed()).isEqualTo(Duration.ofMillis(2_100));

    time.advance(Duration.ofMillis(2_100));

    assertThat(limit.untilAllowed()).isZero();
    assertThat(limit.allowance()).isEqualTo(100);
  }

  @Test
  void overAWhileNoMoreGoesThroughThanTheRate() {
    var limit = new RateLimit(time, 1_000);
    long through = 0;
    for (int i = 0; i < 1_000; i++) {
      if (limit.allowance() > 0) {
        limit.spend(700);
        through += 700;
      }
      time.advance(Duration.ofMillis(10));
    }

    assertThat(through).isBetween(10_000L, 11_700L);
  }

  @Test
  void withoutALimitEverythingGoes() {
    var limit = new RateLimit(time, 0);
    limit.spend(1_000_000);

    assertThat(limit.allowance()).isEqualTo(Long.MAX_VALUE);
    assertThat(limit.untilAllowed()).isZero();
  }

  @Test
  void anotherRateHoldsFromNowOn() {
    var limit = new RateLimit(time, 0);
    limit.set(100);
    assertThat(limit.allowance()).isEqualTo(100);
    limit.spend(200);
    limit.set(1_000);
    assertThat(limit.allowance()).isZero();

    time.advance(Duration.ofMillis(200));

    assertThat(limit.allowance()).isEqualTo(100);
    assertThatThrownBy(() -> limit.set(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
