package io.hayloft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {

  private static int looks(int seconds, double... costs) {
    var warmUp = new WarmUp(seconds);
    int looks = 0;
    do {
      looks++;
    } while (warmUp.goesOn(costs[Math.min(looks, costs.length) - 1]));
    return looks;
  }

  @Test
  void itLastsAsLongAsWasAskedForEvenIfNothingChanges() {
    assertThat(new WarmUp(20).chunk()).isEqualTo(5);
    assertThat(looks(20, 10)).isEqualTo(4);
    // One look alone tells nothing.
    assertThat(looks(1, 10)).isEqualTo(2);
  }

  @Test
  void itGoesOnWhileARequestCostsLessAndLess() {
    assertThat(looks(20, 900, 700, 500, 300, 200, 150, 149)).isEqualTo(7);
  }

  @Test
  void itEndsHoweverLongThatGoesOn() {
    var falling = new double[100];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = Math.pow(0.9, i);
    }

    assertThat(looks(20, falling)).isEqualTo(24);
  }
}
