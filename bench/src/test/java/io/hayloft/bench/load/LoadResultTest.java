package io.hayloft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadResultTest {

  private static final String OUTPUT =
      """
      Running 5s test @ http://127.0.0.1:7500/
        1 threads and 16 connections
      measured requests=1000 bytes=1200000 micros=2000000 failed=0 p50=150 p99=3050
      """;

  private static LoadResult with(long requests, long bytes, long failed) {
    return new LoadResult(requests, bytes, 1_000_000, failed, 0, 0);
  }

  @Test
  void figuresAreThoseOfTheLineThatTheScriptWrites() {
    var result = LoadResult.parse(OUTPUT);

    assertThat(result).isEqualTo(new LoadResult(1000, 1_200_000, 2_000_000, 0, 150, 3050));
    assertThat(result.perSecond()).isEqualTo(500);
  }

  @Test
  void outputWithoutThatLineOrWithHalfOfItIsNoResult() {
    assertThatThrownBy(() -> LoadResult.parse("unable to connect to 127.0.0.1:1"))
        .hasMessageContaining("unable to connect");
    assertThatThrownBy(
            () -> LoadResult.parse("measured requests=1 bytes=2 micros=3 failed=0 p50=1"))
        .hasMessageContaining("p99");
    assertThatThrownBy(() -> LoadResult.parse("measured lots")).hasMessageContaining("lots");
  }

  @Test
  void everyAnswerMustHaveItsBytes() {
    // Heads of 200 bytes; of four connections one had half of an answer at the end.
    with(100, 100 * 1200 + 600, 0).mustBeRight(1000, 4);

    assertThatThrownBy(() -> with(100, 100 * 999, 0).mustBeRight(1000, 4))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> with(100, 100 * 1800, 0).mustBeRight(1000, 4))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFailedRequestOrNoneAtAllHasNoSpeed() {
    assertThatThrownBy(() -> with(100, 120_000, 1).mustBeRight(1000, 4))
        .hasMessageContaining("1 of 100");
    assertThatThrownBy(() -> with(0, 0, 0).mustBeRight(1000, 4)).hasMessageContaining("no request");
  }
}
