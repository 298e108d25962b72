package io.hayloft.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SlopeTest {

  @Test
  void straightLineHasItsSlopeAndNoError() {
    var slope = new Slope();
    for (int i = 0; i < 10; i++) {
      slope.add(i, 5 + 0.25 * i);
    }

    assertThat(slope.perUnit()).isCloseTo(0.25, within(1e-9));
    assertThat(slope.error()).isCloseTo(0, within(1e-9));
  }

  @Test
  void whatGoesUpAndDownDoesNotGrow() {
    var slope = new Slope();
    for (int i = 0; i < 100; i++) {
      slope.add(i, i % 2 == 0 ? 10 : 11);
    }

    assertThat(slope.perUnit()).isCloseTo(0, within(2 * slope.error()));
    assertThat(slope.error()).isBetween(0.001, 0.01);
  }

  @Test
  void onePointHasNone() {
    var slope = new Slope();
    slope.add(1, 1);
    slope.add(1, 2);

    assertThatThrownBy(slope::perUnit).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void heapIsThatOfTheOldGeneration() {
    var info =
        """
        4711:
         DefNew     total 59008K, used 21034K [0x..., 0x..., 0x...)
          eden space 52480K,  40% used [0x..., 0x..., 0x...)
         Tenured    total 131072K, used 32768K [0x..., 0x..., 0x...)
           the  space 131072K,  25% used [0x..., 0x..., 0x...)
         Metaspace       used 40000K, committed 41000K, reserved 1114112K
        """;

    assertThat(Heap.oldMib(info)).isEqualTo(32.0);
    assertThatThrownBy(() -> Heap.oldMib("garbage-first heap   total 100K, used 50K"))
        .hasMessageContaining("no old generation");
  }
}
