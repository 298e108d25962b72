package io.hayloft.tracker.command;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import java.util.Optional;

/** Why a device cannot be used, in words for people. */
final class DeviceTrouble {

  private DeviceTrouble() {}

  /** Empty for a device that can be read and, where its operator allows it, written. */
  static Optional<String> of(ClusterView view, Device device) {
    var seen = view.observation(device.id());
    var host = view.host(device.host());
    if (device.status() == DeviceStatus.DEAD || device.status() == DeviceStatus.DOWN) {
      return Optional.of("it is marked " + device.status().wire());
    }
    if (host.isEmpty()) {
      return Optional.of("its host is not known");
    }
    if (!host.get().status().readable()) {
      return Optional.of("its host is marked " + host.get().status().wire());
    }
    if (seen.refused().isPresent()) {
      return seen.refused();
    }
    if (!view.isReachable(device.host())) {
      return Optional.of("its host does not answer");
    }
    return switch (seen.reach()) {
      case UNREACHABLE -> Optional.of("it does not answer");
      case UNKNOWN -> Optional.of("it was not looked at yet");
      case READABLE -> {
        boolean isForWriting =
            device.status() == DeviceStatus.ALIVE && host.get().status() == HostStatus.ALIVE;
        yield seen.distrusted().isPresent() || !isForWriting
            ? seen.distrusted()
            : Optional.of("it cannot be written to");
      }
      case WRITEABLE -> Optional.empty();
    };
  }
}
