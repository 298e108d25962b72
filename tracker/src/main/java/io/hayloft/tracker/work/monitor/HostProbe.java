package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the devices of one host, one after the other, and tells what it saw; remembers only when
 * it last tried to write to a device.
 *
 * <p>Silence is blamed on the host rather than on a device when none of its devices answered: then
 * the others are not asked, because each would take a whole time-out. A device that alone keeps
 * silent is a hung disk, and does not take its host's other disks away.
 */
final class HostProbe {

  /** How often a device that works is written to; one that does not is tried in every round. */
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(15);

  /** What is left of a host's devices after this time keeps its state until the next round. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** How many silent devices make a silent host. */
  private static final int SILENT_DEVICES = 2;

  /**
   * What was seen.
   *
   * @param reachable empty when it did not show
   * @param observations of the devices whose state was found out
   */
  record Report(
      Host host,
      Optional<Boolean> reachable,
      Map<DeviceId, Observation> observations,
      Map<DeviceId, Space> space) {}

  private final StorageNodes nodes;
  private final Time time;
  private final Map<DeviceId, Long> written = new HashMap<>();
  private int rounds;

  HostProbe(StorageNodes nodes, Time time) {
    this.nodes = nodes;
    this.time = time;
  }

  /** Asks the devices that may be read; not for use by two threads at once. */
  Report probe(Host host, List<Device> devices, ClusterView before) {
    var observations = new HashMap<DeviceId, Observation>();
    var space = new HashMap<DeviceId, Space>();
    Optional<Boolean> reachable = Optional.empty();
    int silentEnough = before.isReachable(host.id()) ? SILENT_DEVICES : 1;
    int silent = 0;
    long started = time.nanoTime();
    for (var device : rotated(devices)) {
      if (time.since(started).compareTo(LONGEST) > 0) {
        break;
      }
      var seen = before.observation(device.id());
      switch (nodes.usage(host, device.id())) {
        case Usage.Read(var read) -> {
          reachable = Optional.of(true);
          space.put(device.id(), read);
          observations.put(device.id(), tried(host, device, seen));
        }
        case Usage.Unreadable _ -> reachable = Optional.of(true);
        case Usage.Unreachable(var timedOut, var _) -> {
          observations.put(device.id(), seen.with(Reach.UNREACHABLE));
          silent += timedOut ? 1 : 0;
        }
      }
      boolean nobodyAnswered = reachable.isEmpty();
      if (nobodyAnswered && silent > 0 && (silent >= silentEnough || devices.size() == 1)) {
        return new Report(host, Optional.of(false), Map.of(), Map.of());
      }
    }
    addUtilization(host, devices, before, observations);
    return new Report(host, reachable, observations, space);
  }

  /** Also for devices that were not come to in this round: it costs no question. */
  private void addUtilization(
      Host host,
      List<Device> devices,
      ClusterView before,
      Map<DeviceId, Observation> observations) {
    var told = nodes.utilization(host);
    for (var device : devices) {
      var seen = observations.getOrDefault(device.id(), before.observation(device.id()));
      var percent = told.getOrDefault(device.id(), "");
      if (!percent.equals(seen.utilization())) {
        observations.put(device.id(), seen.withUtilization(percent));
      }
    }
  }

  /** Another device first in each round, so that a host that takes too long is seen in parts. */
  private List<Device> rotated(List<Device> devices) {
    var turned = new ArrayList<>(devices);
    Collections.rotate(turned, -(rounds++ % Math.max(1, devices.size())));
    return turned;
  }

  private Observation tried(Host host, Device device, Observation seen) {
    if (!mayTry(host, device)) {
      return seen.with(Reach.READABLE);
    }
    var last = written.get(device.id());
    boolean works = seen.reach() == Reach.WRITEABLE || seen.reach() == Reach.READABLE;
    if (works && last != null && time.since(last).compareTo(BETWEEN_WRITES) < 0) {
      return seen;
    }
    written.put(device.id(), time.nanoTime());
    if (!nodes.testWrite(host, device.id())) {
      return seen.with(Reach.READABLE);
    }
    return seen.with(Reach.WRITEABLE).withRejectsBadMd5(nodes.rejectsBadMd5(host, device.id()));
  }

  /** Draining devices too are written to: what is deleted from them needs it. */
  private static boolean mayTry(Host host, Device device) {
    return host.status() == HostStatus.ALIVE && device.status().deletable();
  }
}
