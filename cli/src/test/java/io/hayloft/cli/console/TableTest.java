package io.hayloft.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  private record Disk(String host, long bytes) {}

  private final Table<Disk> table =
      new Table<Disk>()
          .words("host", "hostname", Disk::host)
          .numbers("used(G)", "bytes", Disk::bytes, disk -> "%.1f".formatted(disk.bytes() / 1e9));

  private final List<Disk> disks = List.of(new Disk("a", 1_500_000_000L), new Disk("berlin", 0));

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(table.lines(disks))
        .containsExactly(
            "host    used(G)", //
            "------  -------",
            "a           1.5",
            "berlin      0.0");
  }

  @Test
  void programsSeeTheNumberAndPeopleItsForm() {
    assertThat(Json.text(table.json(disks)))
        .isEqualTo(
            "[{\"hostname\":\"a\",\"bytes\":1500000000},{\"hostname\":\"berlin\",\"bytes\":0}]");
  }
}
