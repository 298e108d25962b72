package io.hayloft.node.device;

import java.nio.file.Path;
import java.util.Optional;

/** How the room of a device is measured. */
@FunctionalInterface
public interface Room {

  /** The room now; empty when it cannot be told. */
  Optional<UsageReport.Space> of(Path device);

  /**
   * As the filesystem tells; by the older of Java's two ways, as the newer fails on some mounts.
   */
  static Room ofFilesystem() {
    return device -> {
      var file = device.toFile();
      long total = file.getTotalSpace();
      return total == 0
          ? Optional.empty()
          : Optional.of(
              UsageReport.Space.ofBytes(total, file.getFreeSpace(), file.getUsableSpace()));
    };
  }
}
