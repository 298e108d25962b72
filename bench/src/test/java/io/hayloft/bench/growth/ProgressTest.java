package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void barTellsHowMuchIsDoneAndWhenItWillBeOver() {
    assertThat(Progress.line(250_000, 1_000_000, Duration.ofSeconds(10)))
        .isEqualTo("  [#####...............]  25 %  250,000 of 1,000,000, 25,000/s, 30 s to go");
    assertThat(Progress.line(1_000_000, 10_000_000, Duration.ofSeconds(10)))
        .endsWith("100,000/s, 1 min 30 s to go");
  }

  @Test
  void barTellsHowLongItTook() {
    assertThat(Progress.line(1_000, 1_000, Duration.ofSeconds(2)))
        .isEqualTo("  [####################] 100 %  1,000 of 1,000, 500/s, in 2 s");
  }
}
