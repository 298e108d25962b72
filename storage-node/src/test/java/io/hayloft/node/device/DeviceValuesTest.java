package io.hayloft.node.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceValuesTest {

  @Test
  void deepestMountIsFound() {
    var mounts =
        MountTable.parse(
            List.of(
                "/dev/sda1 / ext4 rw 0 0",
                "tmpfs /var tmpfs rw 0 0",
                "/dev/sdb1 /var/mog\\040data/dev1 xfs rw 0 0",
                "/dev/sdc1 /var/mog\\040data/dev1 xfs rw 0 0",
                "proc nowhere proc rw 0 0",
                "short"));

    assertThat(source(mounts, "/var/mog data/dev1")).isEqualTo("/dev/sdc1");
    assertThat(source(mounts, "/var/mog data/dev1/0")).isEqualTo("/dev/sdc1");
    assertThat(source(mounts, "/var/mog data/dev10")).isEqualTo("tmpfs");
    assertThat(source(mounts, "/home")).isEqualTo("/dev/sda1");
    assertThat(new MountTable(List.of()).of(Path.of("/x"))).isEmpty();
  }

  private static String source(MountTable mounts, String directory) {
    return mounts.of(Path.of(directory)).orElseThrow().source();
  }

  @Test
  void usageIsWrittenAsTheOriginalDoes() {
    var space = UsageReport.Space.ofBytes(1_000 << 10, 400 << 10, 300 << 10);
    var report = new UsageReport(space, "/dev/sdb1", "/var/mogdata/dev1", 1_700_000_000L);

    assertThat(new String(report.text(), UTF_8))
        .isEqualTo(
            """
            available: 300
            device: /dev/sdb1
            disk: /var/mogdata/dev1
            time: 1700000000
            total: 900
            use: 67%
            used: 600
            """);
  }

  @Test
  void emptyAndFullDevicesReportNoZero() {
    var empty = UsageReport.Space.ofBytes(1L << 40, 1L << 40, 1L << 40);
    var full = UsageReport.Space.ofBytes(1L << 20, 0, 0);

    assertThat(empty.used()).isEqualTo(1);
    assertThat(empty.percent()).isEqualTo(1);
    assertThat(full.available()).isEqualTo(1);
    assertThat(full.percent()).isEqualTo(100);
  }

  private static final String DISKSTATS = "   8       0 sda 100 0 0 0 200 0 0 0 0 %d 0 0 0 0 0 0 0";

  @Test
  void utilizationIsTheShareOfBusyTime() {
    var before = DiskActivity.parse(List.of(DISKSTATS.formatted(1_000)), 0);

    assertThat(after(1_125, 1_000).percentSince(before, "sda")).isEqualTo("12.50");
    assertThat(after(9_999, 1_000).percentSince(before, "sda")).isEqualTo("100.00");
    assertThat(after(900, 1_000).percentSince(before, "sda")).isEqualTo("0.00");
    assertThat(after(1_125, 1_000).percentSince(before, "sdb")).isEqualTo("-");
    assertThat(after(1_125, 0).percentSince(before, "sda")).isEqualTo("-");
  }

  private static DiskActivity after(long busyMillis, long elapsedMillis) {
    return DiskActivity.parse(
        List.of("nonsense", DISKSTATS.formatted(busyMillis)), elapsedMillis * 1_000_000);
  }
}
