package io.hayloft.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Health health = new Health();
  private volatile Optional<String> database = Optional.empty();

  @Test
  void withoutChecksAllIsWell() {
    assertThat(health.liveness().isOk()).isTrue();
    assertThat(health.readiness().isOk()).isTrue();
  }

  @Test
  void aProblemIsToldAndGoesAway() {
    health.ready("database", () -> database).live("loops", Optional::empty);

    database = Optional.of("no answer for 3 s");
    assertThat(health.liveness().isOk()).isTrue();
    assertThat(health.readiness().isOk()).isFalse();
    assertThat(health.readiness().json())
        .isEqualTo(
            Map.of(
                "status",
                "failing",
                "checks",
                Map.of("database", "no answer for 3 s", "loops", "ok")));

    database = Optional.empty();
    assertThat(health.readiness().json())
        .isEqualTo(Map.of("status", "ok", "checks", Map.of("database", "ok", "loops", "ok")));
  }

  @Test
  void whatIsNotLiveIsNotReady() {
    health.live("loops", () -> Optional.of("all hang")).ready("loops", Optional::empty);

    assertThat(health.readiness().problems()).containsEntry("loops", Optional.of("all hang"));
  }

  @Test
  void aCheckThatThrowsIsAProblem() {
    health.live(
        "odd",
        () -> {
          throw new IllegalStateException("x");
        });

    assertThat(health.liveness().problems())
        .containsEntry(
            "odd", Optional.of("the check itself failed: java.lang.IllegalStateException: x"));
  }

  @Test
  void aNameIsTakenOnce() {
    health.live("a", Optional::empty);

    assertThatThrownBy(() -> health.live("a", Optional::empty))
        .isInstanceOf(IllegalStateException.class);
  }
}
