package io.hayloft.tracker.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {

  private final Allowance allowance = new Allowance(100);
  private final Allowance.Share one = allowance.share();
  private final Allowance.Share other = allowance.share();

  @Test
  void allTogetherHoldNoMoreThanThereIs() {
    assertThat(one.hold(60)).isTrue();
    assertThat(other.hold(60)).isFalse();
    assertThat(other.hold(40)).isTrue();
    assertThat(allowance.taken()).isEqualTo(100);
  }

  @Test
  void lessCanAlwaysBeHeld() {
    one.hold(60);
    other.hold(40);

    assertThat(one.hold(10)).isTrue();
    assertThat(other.hold(90)).isTrue();
  }

  @Test
  void whoIsGoneHoldsNothing() {
    one.hold(60);
    one.close();
    one.close();

    assertThat(allowance.taken()).isZero();
    assertThat(one.hold(1)).isFalse();
  }
}
