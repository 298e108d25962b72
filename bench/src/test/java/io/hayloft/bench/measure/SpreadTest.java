package io.hayloft.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void medianIsTheMiddleOrBetweenTheMiddleTwo() {
    assertThat(Spread.of(List.of(9, 1, 5)).median()).isEqualTo(5);
    assertThat(Spread.of(List.of(4, 1, 9, 5)).median()).isEqualTo(4.5);
  }

  @Test
  void percentilesAreMeasuredValuesByNearestRank() {
    var hundred = Spread.of(IntStream.rangeClosed(1, 100).boxed().toList());

    assertThat(hundred.percentile(50)).isEqualTo(50);
    assertThat(hundred.percentile(99)).isEqualTo(99);
    assertThat(hundred.percentile(99.1)).isEqualTo(100);
    assertThat(hundred.percentile(100)).isEqualTo(100);
    assertThat(Spread.of(List.of(7)).percentile(1)).isEqualTo(7);
    assertThatThrownBy(() -> hundred.percentile(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void endsAreTheLeastAndTheMost() {
    var spread = Spread.of(List.of(3.5, -1.0, 2.0));

    assertThat(spread.least()).isEqualTo(-1);
    assertThat(spread.most()).isEqualTo(3.5);
    assertThat(spread.count()).isEqualTo(3);
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
