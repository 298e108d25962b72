package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PhasesTest {

  private final ManualTime time = ManualTime.start();
  private final Phases phases = new Phases(time);

  private void pass(int millis) {
    time.advance(Duration.ofMillis(millis));
  }

  private long millis(Phase phase) {
    return Duration.ofNanos(phases.nanos(phase)).toMillis();
  }

  @Test
  void waitsAreCountedByWhomTheyAreFor() {
    phases.during(
        () -> {
          pass(1);
          try (var _ = Phases.begin(Phase.DATABASE)) {
            pass(20);
          }
          try (var _ = Phases.begin(Phase.NODES)) {
            pass(300);
          }
          try (var _ = Phases.begin(Phase.DATABASE)) {
            pass(4000);
          }
          return true;
        });

    assertThat(millis(Phase.DATABASE)).isEqualTo(4020);
    assertThat(millis(Phase.NODES)).isEqualTo(300);
    assertThat(millis(Phase.COPIES)).isZero();
  }

  @Test
  void aWaitWithinAnotherIsPartOfThat() {
    phases.during(
        () -> {
          try (var _ = Phases.begin(Phase.DATABASE)) {
            try (var _ = Phases.begin(Phase.NODES)) {
              pass(20);
            }
            pass(300);
          }
          return true;
        });

    assertThat(millis(Phase.DATABASE)).isEqualTo(320);
    assertThat(millis(Phase.NODES)).isZero();
  }

  @Test
  void whatIsDoneForNoRequestIsNotCounted() {
    try (var _ = Phases.begin(Phase.DATABASE)) {
      pass(20);
    }

    assertThat(millis(Phase.DATABASE)).isZero();
  }
}
