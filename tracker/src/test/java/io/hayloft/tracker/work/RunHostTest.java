package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.work.RunHost.Identity;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunHostTest {

  private static final Optional<String> ON_A = Optional.of("a");

  private final OperatorsTables leases = new OperatorsTables();
  private final ManualTime time = ManualTime.start();
  private final RunHost onA = host("a:1", "a");
  private final RunHost besideA = host("a:2", "a");
  private final RunHost onB = host("b:1", "b");

  private RunHost host(String owner, String hostname) {
    return new RunHost("fsck", new Identity(owner, hostname), leases, time);
  }

  @Test
  void oneTrackerOfTheNamedMachineMovesARunOn() {
    assertThat(onA.isThis(ON_A, (from, to) -> false)).isTrue();
    assertThat(besideA.isThis(ON_A, (from, to) -> false)).isFalse();
    assertThat(onB.isThis(ON_A, (from, to) -> true)).isFalse();
  }

  @Test
  void nobodyTakesOverFromATrackerThatLives() {
    onA.isThis(ON_A, (from, to) -> false);
    onB.isThis(ON_A, (from, to) -> true);
    time.advance(RunHost.PATIENCE.plusSeconds(1));

    assertThat(onB.isThis(ON_A, (from, to) -> true)).isFalse();
  }

  @Test
  void whenNobodyMovesItOnAnotherMachineTakesOver() {
    assertThat(onB.isThis(ON_A, (from, to) -> true)).isFalse();
    time.advance(RunHost.PATIENCE.plusSeconds(1));

    assertThat(onB.isThis(ON_A, (from, to) -> from.equals("a") && to.equals("b"))).isTrue();
  }

  @Test
  void patienceBeginsAnewWithEachRun() {
    onB.isThis(ON_A, (from, to) -> true);
    time.advance(Duration.ofMinutes(5));
    onB.isThis(Optional.empty(), (from, to) -> true);

    assertThat(onB.isThis(ON_A, (from, to) -> true)).isFalse();
  }

  @Test
  void aRunThatIsOverIsNobodys() {
    assertThat(onA.isThis(Optional.empty(), (from, to) -> true)).isFalse();
  }
}
