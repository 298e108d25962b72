package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {

  @ParameterizedTest
  @CsvSource({"2,2000", "2s,2000", "500ms,500", "1.5 h,5400000", "10M,600000", "7d,604800000"})
  void durationsHaveUnitsAndABareNumberIsSeconds(String text, long millis) {
    assertThat(Amounts.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"4096,4096", "64k,65536", "1.5K,1536", "2 MiB,2097152", "1g,1073741824"})
  void sizesAreInPowersOf1024(String text, long bytes) {
    assertThat(Amounts.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1s", "s", "1 fortnight", "1s2", "999999999d"})
  void otherTextIsNoDuration(String text) {
    assertThatThrownBy(() -> Amounts.duration(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "k", "1x", "99999999999t"})
  void otherTextIsNoSize(String text) {
    assertThatThrownBy(() -> Amounts.size(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
