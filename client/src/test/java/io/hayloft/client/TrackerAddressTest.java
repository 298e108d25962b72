package io.hayloft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "tracker, tracker, 7001",
    "tracker:7100, tracker, 7100",
    "10.0.0.1:7001, 10.0.0.1, 7001",
    "[::1]:7100, ::1, 7100",
    "[::1], ::1, 7001",
    "::1, ::1, 7001"
  })
  void portMayBeLeftOut(String text, String host, int port) {
    assertThat(TrackerAddress.parse(text)).isEqualTo(new TrackerAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":7001", "host:", "host:x", "host:0", "host:65536", "host:-1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> TrackerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listIsSeparatedByCommas() {
    assertThat(TrackerAddress.parseList(" a, b:7100 ,,[::1]:1"))
        .containsExactly(
            new TrackerAddress("a", 7001),
            new TrackerAddress("b", 7100),
            new TrackerAddress("::1", 1));
  }

  @Test
  void textIsReadBack() {
    for (var address :
        new TrackerAddress[] {new TrackerAddress("a", 1), new TrackerAddress("::1", 2)}) {
      assertThat(TrackerAddress.parse(address.toString())).isEqualTo(address);
    }
  }

  @Test
  void timesAndLimitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Timeouts.DEFAULT.reply(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Timeouts.DEFAULT.connect(Duration.ofDays(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Limits.DEFAULT.rounds(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Limits.DEFAULT.heldBytes(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
