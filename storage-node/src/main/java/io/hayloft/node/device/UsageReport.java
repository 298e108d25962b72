package io.hayloft.node.device;

import java.nio.charset.StandardCharsets;

/**
 * What a device tells about itself in its file {@code usage}, which trackers and tools read.
 *
 * @param device where the filesystem lives, as in {@code /dev/sdb1}
 * @param disk the directory of the device
 * @param time Unix time in seconds
 */
public record UsageReport(Space space, String device, String disk, long time) {

  /**
   * The room on a filesystem, in KiB. Blocks that are kept for the superuser count neither as used
   * nor as available.
   *
   * @param used at least 1, because trackers take a zero for a failure
   * @param available at least 1, because tools take a zero for a missing line
   */
  public record Space(long used, long available) {

    public Space {
      used = Math.max(1, used);
      available = Math.max(1, available);
    }

    static Space ofBytes(long total, long unallocated, long usable) {
      return new Space((total - unallocated) >> 10, usable >> 10);
    }

    long total() {
      return used + available;
    }

    /** Rounded up, as df does. */
    long percent() {
      return Math.ceilDiv(100 * used, total());
    }
  }

  byte[] text() {
    var text =
        "available: "
            + space.available()
            + "\ndevice: "
            + device
            + "\ndisk: "
            + disk
            + "\ntime: "
            + time
            + "\ntotal: "
            + space.total()
            + "\nuse: "
            + space.percent()
            + "%\nused: "
            + space.used()
            + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
