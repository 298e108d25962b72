package io.hayloft.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountsTest {

  @Test
  void bytesHaveTwoOrThreeDigitsAndTheUnit() {
    assertThat(Amounts.bytes(0)).isEqualTo("0 B");
    assertThat(Amounts.bytes(999)).isEqualTo("999 B");
    assertThat(Amounts.bytes(999_999)).isEqualTo("1.0 MB");
    assertThat(Amounts.bytes(1_234_567)).isEqualTo("1.2 MB");
    assertThat(Amounts.bytes(123_456_789)).isEqualTo("123 MB");
    assertThat(Amounts.bytes(-2000)).isEqualTo("-2.0 KB");
    assertThat(Amounts.bytes(9e18)).isEqualTo("9.0 EB");
  }

  @Test
  void timesGrowCoarser() {
    assertThat(Amounts.time(Duration.ofMillis(417))).isEqualTo("0.42 s");
    assertThat(Amounts.time(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
    assertThat(Amounts.time(Duration.ofSeconds(245))).isEqualTo("4m05s");
    assertThat(Amounts.time(Duration.ofMinutes(123))).isEqualTo("2h03m");
  }

  @Test
  void rateOfNoTimeIsZero() {
    assertThat(Amounts.rate(5, Duration.ZERO)).isZero();
    assertThat(Amounts.rate(5, Duration.ofMillis(500))).isEqualTo(10);
  }

  @Test
  void oneIsSingular() {
    assertThat(Amounts.count(1, "file")).isEqualTo("1 file");
    assertThat(Amounts.count(1200, "file")).isEqualTo("1,200 files");
  }
}
