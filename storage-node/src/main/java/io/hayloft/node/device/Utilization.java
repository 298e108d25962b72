package io.hayloft.node.device;

import io.hayloft.node.blob.Docroot;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How busy the disks are on which the devices live. Of a partition the whole disk counts, because
 * its arm is shared.
 */
public final class Utilization {

  private final Devices devices;
  private final Docroot docroot;
  private final Time time;
  private final Kernel kernel;

  /** Where Linux tells of disks. */
  record Kernel(Path diskstats, Path blockDevices) {
    static final Kernel REAL = new Kernel(Path.of("/proc/diskstats"), Path.of("/sys/dev/block"));
  }

  public Utilization(Devices devices, Docroot docroot, Time time) {
    this(devices, docroot, time, Kernel.REAL);
  }

  Utilization(Devices devices, Docroot docroot, Time time, Kernel kernel) {
    this.devices = devices;
    this.docroot = docroot;
    this.time = time;
    this.kernel = kernel;
  }

  /** A series of samples for one listener. */
  public final class Series {
    private DiskActivity last;

    private Series(DiskActivity first) {
      this.last = first;
    }

    /** For each device a line with its number, a tab and the utilization since the last sample. */
    public Optional<String> next() {
      var now = read();
      if (now.isEmpty()) {
        return Optional.empty();
      }
      var lines = new StringBuilder();
      for (var device : devices.ids()) {
        var current = now.get();
        var percent = disk(device).map(disk -> current.percentSince(last, disk)).orElse("-");
        lines.append(device).append('\t').append(percent).append('\n');
      }
      last = now.get();
      return Optional.of(lines.toString());
    }
  }

  /** Starts to sample; empty on a system that does not tell. */
  public Optional<Series> series() {
    return read().map(Series::new);
  }

  private Optional<DiskActivity> read() {
    try {
      return Optional.of(
          DiskActivity.parse(Files.readAllLines(kernel.diskstats()), time.nanoTime()));
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  private Optional<String> disk(DeviceId device) {
    try {
      long number = (Long) Files.getAttribute(docroot.device(device), "unix:dev");
      var entry = kernel.blockDevices().resolve(major(number) + ":" + minor(number)).toRealPath();
      var whole = Files.exists(entry.resolve("partition")) ? entry.getParent() : entry;
      return Optional.ofNullable(whole).map(path -> String.valueOf(path.getFileName()));
    } catch (IOException noDiskBehindIt) {
      return Optional.empty();
    }
  }

  // How glibc packs the two numbers of a device into one.
  private static long major(long number) {
    return (number >>> 8 & 0xfff) | (number >>> 32 & ~0xfffL);
  }

  private static long minor(long number) {
    return (number & 0xff) | (number >>> 12 & ~0xffL);
  }
}
