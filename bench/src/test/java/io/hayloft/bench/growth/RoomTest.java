package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomTest {

  private static final long GIGABYTE = 1_000_000_000;

  @Test
  void enoughIsNoTrouble() {
    assertThat(Room.missing(1_000_000, 20 * GIGABYTE, 10 * GIGABYTE, "/disk")).isEmpty();
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThat(Room.missing(100_000_000, 30 * GIGABYTE, 10 * GIGABYTE, "/disk"))
        .hasValue(
            "100,000,000 files need 47.1 GB of disk and 10.0 GB are to stay free, but /disk has"
                + " 30.0 GB: 27.1 GB are missing");
  }
}
