package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A situation as seen by a policy that looks at a part of the cluster, or at all of it.
 *
 * @param copies the devices whose copies count
 * @param candidates the devices that may take a further copy now
 * @param disks the devices that are not lost, whether or not they can take anything
 */
record Part(List<Device> copies, List<Device> candidates, List<Device> disks) {

  Part {
    copies = List.copyOf(copies);
    candidates = List.copyOf(candidates);
    disks = List.copyOf(disks);
  }

  static Part of(Situation situation) {
    return new Part(situation.copies(), situation.candidates(), situation.disks());
  }

  Part in(Predicate<Device> where) {
    return new Part(
        copies.stream().filter(where).toList(),
        candidates.stream().filter(where).toList(),
        disks.stream().filter(where).toList());
  }

  /** The hosts that have a copy. */
  Set<HostId> usedHosts() {
    return usedPlaces(Device::host);
  }

  /** Hosts that could hold a copy if everything that should work did. */
  Set<HostId> hosts() {
    return places(Device::host);
  }

  /** The places, hosts for one, that have a copy. */
  <P> Set<P> usedPlaces(Function<Device, P> place) {
    return copies.stream().map(place).collect(Collectors.toUnmodifiableSet());
  }

  /** The places that could hold a copy if everything that should work did. */
  <P> Set<P> places(Function<Device, P> place) {
    return disks.stream()
        .filter(device -> device.status() == DeviceStatus.ALIVE)
        .map(place)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether there is a copy on every disk; a single one is no reason to be content. */
  boolean isEverywhere() {
    return copies.size() >= 2 && copies.size() == disks.size();
  }

  /** A copy on the host that has the most of them. */
  DeviceId mostCrowded() {
    return mostCrowded(Device::host);
  }

  /**
   * A copy on the host that has the most of them; of several such hosts, on the one whose larger
   * place has the most: no host is given up while there are two copies on another.
   */
  DeviceId mostCrowded(Function<Device, ?> largerPlace) {
    var inHost =
        copies.stream().collect(Collectors.groupingBy(Device::host, Collectors.counting()));
    var inPlace =
        copies.stream()
            .collect(
                Collectors.groupingBy(d -> (Object) largerPlace.apply(d), Collectors.counting()));
    return copies.stream()
        .max(
            Comparator.comparingLong((Device copy) -> inHost.getOrDefault(copy.host(), 0L))
                .thenComparingLong(copy -> inPlace.getOrDefault(largerPlace.apply(copy), 0L))
                .thenComparing(Device::id))
        .map(Device::id)
        .orElseThrow(() -> new IllegalStateException("no copies cannot be too many"));
  }
}
