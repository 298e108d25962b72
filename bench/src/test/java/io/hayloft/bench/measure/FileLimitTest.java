package io.hayloft.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileLimitTest {

  @Test
  void softLimitIsTheFirstNumber() {
    var limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             95896                95896                processes
        Max open files            1024                 524288               files
        """;

    assertThat(FileLimit.soft(limits)).isEqualTo(1024);
    assertThat(FileLimit.soft(limits.replace("1024", "unlimited"))).isEqualTo(Long.MAX_VALUE);
    assertThat(FileLimit.ofThisProcess()).isPositive();
  }
}
