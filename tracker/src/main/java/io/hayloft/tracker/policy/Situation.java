package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  List<Device> copies() {
    return on.stream()
        .sorted()
        .filter(cluster::countsAsCopy)
        .map(cluster::device)
        .flatMap(Optional::stream)
        .toList();
  }

  /** A copy on the host that has the most of them. */
  DeviceId mostCrowded() {
    var copies = copies();
    var byHost =
        copies.stream().collect(Collectors.groupingBy(Device::host, Collectors.counting()));
    return copies.stream()
        .max(
            Comparator.comparingLong((Device copy) -> byHost.getOrDefault(copy.host(), 0L))
                .thenComparing(Device::id))
        .map(Device::id)
        .orElseThrow(() -> new IllegalStateException("no copies cannot be too many"));
  }

  /** The devices that may take a further copy now. */
  List<Device> candidates() {
    return cluster.devices().stream()
        .filter(cluster::shouldGetNewFiles)
        .filter(device -> !on.contains(device.id()) && !avoid.contains(device.id()))
        .filter(device -> device.freeFraction() > 0)
        .toList();
  }

  /** Devices that are not lost, whether or not they can take anything. */
  long disks() {
    return cluster.devices().stream().filter(d -> cluster.countsAsCopy(d.id())).count();
  }

  /** Hosts that could hold a copy if everything that should work did. */
  Set<HostId> hostsWithAliveDisks() {
    return cluster.devices().stream()
        .filter(device -> device.status() == DeviceStatus.ALIVE)
        .map(Device::host)
        .collect(Collectors.toUnmodifiableSet());
  }
}
