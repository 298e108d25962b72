package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts the devices of one zone before all others. */
final class Nearness {

  private Nearness() {}

  /**
   * @param zone the near one; where there is none, all devices are the same
   * @param usual the order within each part
   */
  static List<Device> first(
      ClusterView cluster,
      Optional<String> zone,
      List<Device> devices,
      UnaryOperator<List<Device>> usual) {
    if (zone.isEmpty()) {
      return usual.apply(devices);
    }
    var parts =
        devices.stream()
            .collect(Collectors.partitioningBy(device -> cluster.zoneOf(device).equals(zone)));
    return Stream.of(true, false)
        .flatMap(near -> usual.apply(parts.getOrDefault(near, List.of())).stream())
        .toList();
  }
}
