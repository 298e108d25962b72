package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy decides on: where a file is believed to be, and what may be used.
 *
 * @param on all believed locations; those on dead or unknown devices do not count as copies, those
 *     on devices that are merely down do
 * @param avoid devices that are not to be proposed, because a copy there just failed or because the
 *     caller does not want it there
 * @param mindevcount the copies that the file's class asks for
 */
public record Situation(
    ClusterView cluster, Set<DeviceId> on, Set<DeviceId> avoid, int mindevcount) {

  public Situation {
    on = Set.copyOf(on);
    avoid = Set.copyOf(avoid);
  }

  /** The same file as if it had no copy there, and none should be made there either. */
  public Situation without(DeviceId device) {
    var fewer = new HashSet<>(on);
    fewer.remove(device);
    var more = new HashSet<>(avoid);
    more.add(device);
    return new Situation(cluster, fewer, more, mindevcount);
  }

  /** The devices whose copies count. */
  public List<Device> copies() {
    return on.stream()
        .sorted()
        .filter(cluster::countsAsCopy)
        .map(cluster::device)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The devices that may take a further copy now. */
  public List<Device> candidates() {
    return cluster.devices().stream()
        .filter(cluster::shouldGetNewFiles)
        .filter(device -> !on.contains(device.id()) && !avoid.contains(device.id()))
        .filter(device -> device.freeFraction() > 0)
        .toList();
  }

  /** Devices that are not lost, whether or not they can take anything. */
  public List<Device> disks() {
    return cluster.devices().stream().filter(d -> cluster.countsAsCopy(d.id())).toList();
  }
}
