package io.hayloft.node.device;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long each disk has been busy since the machine started, as Linux tells in {@code
 * /proc/diskstats}; the difference of two readings gives the utilization that iostat calls %util.
 *
 * @param busyMillis by the disk's name, as in {@code sda}
 */
record DiskActivity(Map<String, Long> busyMillis, long atNanos) {

  private static final int NAME = 2;
  private static final int BUSY_MILLIS = 12;

  DiskActivity {
    busyMillis = Map.copyOf(busyMillis);
  }

  static DiskActivity parse(List<String> diskstats, long atNanos) {
    var busy = new HashMap<String, Long>();
    for (var line : diskstats) {
      var fields = line.trim().split("\\s+");
      if (fields.length > BUSY_MILLIS && fields[BUSY_MILLIS].matches("\\d{1,18}")) {
        busy.put(fields[NAME], Long.parseLong(fields[BUSY_MILLIS]));
      }
    }
    return new DiskActivity(busy, atNanos);
  }

  /** The share of the time since that the disk was busy, as {@code 12.50}; a dash if unknown. */
  String percentSince(DiskActivity before, String disk) {
    var now = busyMillis.get(disk);
    var then = before.busyMillis.get(disk);
    long elapsed = (atNanos - before.atNanos) / 1_000_000;
    if (now == null || then == null || elapsed <= 0) {
      return "-";
    }
    // The counter is 32 bits wide on some kernels and may have wrapped; then one reading is lost.
    double share = Math.clamp(100.0 * (now - then) / elapsed, 0.0, 100.0);
    return String.format(Locale.ROOT, "%.2f", share);
  }
}
