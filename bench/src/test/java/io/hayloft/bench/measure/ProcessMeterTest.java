package io.hayloft.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessMeterTest {

  @Test
  void processorTimeIsThatOfUserAndKernelWhateverTheProcessIsCalled() {
    var stat =
        "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 100 200 3 4 250 50 7 8 20 0 33 0 12345 99 88 77";

    assertThat(ProcessMeter.cpuMicros(stat)).isEqualTo(3_000_000);
  }

  @Test
  void residentMemoryIsTheLineVmRss() {
    var status = "Name:\tjava\nVmHWM:\t  999999 kB\nVmRSS:\t  123456 kB\nVmData:\t 5 kB\n";

    assertThat(ProcessMeter.residentKib(status)).isEqualTo(123_456);
    assertThatThrownBy(() -> ProcessMeter.residentKib("Name:\tkthreadd\n"))
        .hasMessageContaining("VmRSS");
  }

  @Test
  void bytesFromTheDiskAreTheLineReadBytes() {
    var io = "rchar: 6976\nwchar: 1\nread_bytes: 4096\nwrite_bytes: 7\ncancelled_write_bytes: 0\n";

    assertThat(ProcessMeter.diskReadBytes(io)).isEqualTo(4096);
  }

  @Test
  void thisProcessHasWorkedAndHasMemory() {
    var self = new ProcessMeter(ProcessHandle.current().pid());
    var total = ProcessHandle.current().info().totalCpuDuration().orElseThrow();

    assertThat(self.cpuMicros()).isBetween(total.toNanos() / 1000 / 2, total.toNanos() / 1000 * 2);
    assertThat(self.residentKib()).isGreaterThan(10_000);
  }
}
