package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Reach;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether so much of a cluster is out of this tracker's sight that nothing should be given up: then
 * more likely a switch, a rack's power or this tracker's own network is gone than all those disks.
 * Pure. While it is on no device is taken for dead by itself, and what was on dead devices is not
 * forgotten.
 *
 * <h2>How much is too much</h2>
 *
 * <p>More than the share of devices that operators set ({@code auto_dead_max_share}, in percent).
 * Where they set none it is a quarter; but one single host that is away is not too much as long as
 * it has less than half of the devices, or a cluster of three hosts could never heal by itself.
 * Devices that operators marked down or dead do not count: who marks what is lost ends it.
 *
 * @param on whether it holds, not counting what operators say
 * @param overridden whether an operator has said to go on all the same
 * @param out the devices that should be in reach and are not, or show another disk
 * @param considered how many should be
 */
public record SafeMode(boolean on, boolean overridden, Set<DeviceId> out, int considered) {

  public static final String SHARE = "auto_dead_max_share";

  /** Until when an operator has overridden it, in seconds since 1970. */
  public static final String OVERRIDE = "hayloft_safe_mode_off_until";

  private static final long USUAL_SHARE = 25;
  private static final long PERCENT = 100;

  public SafeMode {
    out = Set.copyOf(out);
  }

  /**
   * @param now in seconds since 1970
   */
  public static SafeMode of(ClusterView view, long now) {
    var known =
        view.devices().stream().filter(view::mayRead).filter(device -> isKnown(view, device));
    var devices = known.toList();
    var out =
        devices.stream()
            .filter(device -> isOut(view, device))
            .map(Device::id)
            .collect(Collectors.toCollection(TreeSet::new));
    boolean on = isTooMuch(view, out, devices.size());
    return new SafeMode(on, view.settings().number(OVERRIDE, 0) > now, out, devices.size());
  }

  /** A device that was just added was not looked at yet. */
  private static boolean isKnown(ClusterView view, Device device) {
    return !view.isReachable(device.host())
        || view.observation(device.id()).reach() != Reach.UNKNOWN;
  }

  /** Whether a device that should be in reach is not, or must not be used. */
  public static boolean isOut(ClusterView view, Device device) {
    var seen = view.observation(device.id());
    return !view.isReachable(device.host())
        || seen.reach() == Reach.UNREACHABLE
        || seen.refused().isPresent();
  }

  private static boolean isTooMuch(ClusterView view, Set<DeviceId> out, int considered) {
    var explicit = view.settings().get(SHARE).filter(text -> text.matches("[0-9]{1,3}"));
    if (explicit.isPresent()) {
      return out.size() * PERCENT > Long.parseLong(explicit.get()) * considered;
    }
    boolean isOneHost = hosts(view, out).size() == 1 && out.size() * 2 < considered;
    return out.size() * PERCENT > USUAL_SHARE * considered && !isOneHost;
  }

  private static Set<HostId> hosts(ClusterView view, Set<DeviceId> devices) {
    return devices.stream()
        .flatMap(id -> view.device(id).stream())
        .map(Device::host)
        .collect(Collectors.toSet());
  }

  /** Whether nothing is to be given up now. */
  public boolean holds() {
    return on && !overridden;
  }
}
