package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

  @ParameterizedTest(name = "after {0} failures about {1} s")
  @CsvSource({
    "0, 15",
    "1, 60",
    "2, 300",
    "3, 1800",
    "4, 3600",
    "5, 7200",
    "6, 14400",
    "7, 28800",
    "8, 86400",
    "9, 86400",
    "255, 86400"
  })
  void theWaitGrowsAsTheTableSays(int failures, int seconds) {
    var random = new Random(failures);
    var shortest = Duration.ofDays(9);
    var longest = Duration.ZERO;
    for (int i = 0; i < 500; i++) {
      var delay = BackOff.after(failures, random);
      shortest = delay.compareTo(shortest) < 0 ? delay : shortest;
      longest = delay.compareTo(longest) > 0 ? delay : longest;
    }

    assertThat(shortest.toMillis()).isBetween(seconds * 800L, seconds * 820L);
    assertThat(longest.toMillis()).isBetween(seconds * 1180L, seconds * 1200L);
  }
}
