package io.hayloft.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void percentilesAreThoseOfTheValuesWithinTwoPercent() {
    var latencies = new Latencies();
    for (int micros = 1; micros <= 1000; micros++) {
      latencies.add(micros * 1000L);
    }

    assertThat(latencies.count()).isEqualTo(1000);
    assertThat(latencies.percentileMicros(50)).isBetween(500.0, 508.0);
    assertThat(latencies.percentileMicros(99)).isBetween(990.0, 1006.0);
    assertThat(latencies.percentileMicros(100)).isBetween(1000.0, 1016.0);
    assertThat(latencies.percentileMicros(0.01)).isCloseTo(1, within(0.02));
  }

  @Test
  void slotsHoldTheirValuesAndFollowEachOther() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long nanos = random.nextLong(Long.MAX_VALUE / 2) >>> random.nextInt(63);
      int slot = Latencies.slot(nanos);
      assertThat(Latencies.most(slot)).isBetween(nanos, nanos + nanos / 64);
      assertThat(slot == 0 || Latencies.most(slot - 1) < nanos).isTrue();
    }
    assertThat(Latencies.most(Latencies.slot(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nothingTimedHasNoPercentiles() {
    assertThatThrownBy(() -> new Latencies().percentileMicros(50))
        .hasMessageContaining("nothing was timed");
  }
}
