package io.hayloft.tracker.command;

import io.hayloft.tracker.command.RiskAdvice.Troubled;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Reach;
import java.util.List;

/** The devices that are not as they should be, each with what has to be dealt with. */
final class TroubledDevices {

  private TroubledDevices() {}

  /** What operators marked dead is dealt with by the reaper; what they marked down is known. */
  static List<Troubled> of(ClusterView view) {
    return view.devices().stream()
        .filter(device -> device.status() != DeviceStatus.DEAD)
        .flatMap(
            device ->
                DeviceTrouble.of(view, device)
                    .map(
                        why ->
                            new Troubled(device, view.host(device.host()), kind(view, device), why))
                    .stream())
        .toList();
  }

  /** In the order in which {@link DeviceTrouble} looks for a reason. */
  private static Troubled.Kind kind(ClusterView view, Device device) {
    var host = view.host(device.host());
    if (device.status() == DeviceStatus.DOWN) {
      return Troubled.Kind.DEVICE_DOWN;
    } else if (host.isPresent() && host.get().status() == HostStatus.DEAD) {
      return Troubled.Kind.HOST_DEAD;
    } else if (host.isPresent() && host.get().status() == HostStatus.DOWN) {
      return Troubled.Kind.HOST_DOWN;
    } else if (view.observation(device.id()).refused().isPresent()) {
      return Troubled.Kind.WRONG_DISK;
    } else if (isDistrusted(view, device)) {
      return Troubled.Kind.DISTRUSTED;
    }
    return host.isPresent() && isSilent(view, device.host())
        ? Troubled.Kind.HOST_SILENT
        : Troubled.Kind.DEVICE_SILENT;
  }

  private static boolean isDistrusted(ClusterView view, Device device) {
    var seen = view.observation(device.id());
    return view.isReachable(device.host())
        && seen.reach() == Reach.READABLE
        && seen.distrusted().isPresent();
  }

  /**
   * A host is given up only after a while. Until then it shows by its devices: when none of several
   * answers, it is the host that has one cause for it.
   */
  private static boolean isSilent(ClusterView view, HostId host) {
    if (!view.isReachable(host)) {
      return true;
    }
    var looked =
        view.devices().stream()
            .filter(device -> device.host().equals(host) && view.mayRead(device))
            .toList();
    return looked.size() > 1
        && looked.stream()
            .allMatch(device -> view.observation(device.id()).reach() == Reach.UNREACHABLE);
  }
}
