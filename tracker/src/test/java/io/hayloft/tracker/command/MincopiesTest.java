package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.ServerSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MincopiesTest {

  /** A client that did not ask gives the tracker three seconds to answer. */
  @Test
  void whoAsksWaitsLongerThanWhoDoesNotKnow() {
    var usual = new ServerSettings(Map.of());
    assertThat(Mincopies.limit(usual, 2, 0)).isEqualTo(Duration.ofSeconds(10));
    assertThat(Mincopies.limit(usual, 2, 2)).isEqualTo(Duration.ofSeconds(10));
    assertThat(Mincopies.limit(usual, 0, 2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(Mincopies.limit(usual, 2, 3)).isEqualTo(Duration.ofSeconds(2));

    var set = new ServerSettings(Map.of("mincopies_wait", "7"));
    assertThat(Mincopies.limit(set, 2, 0)).isEqualTo(Duration.ofSeconds(7));
    assertThat(Mincopies.limit(set, 0, 2)).isEqualTo(Duration.ofSeconds(7));
  }
}
