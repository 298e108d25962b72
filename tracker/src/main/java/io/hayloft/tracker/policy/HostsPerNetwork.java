package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Copies on so many hosts of each of these zones; in a zone with fewer hosts, on so many devices.
 * What the class says of copies does not count, and a copy in any other place is one too many once
 * the zones have theirs.
 *
 * @param hosts how many by zone, as written
 */
record HostsPerNetwork(Map<String, Integer> hosts) implements ReplicationPolicy {

  HostsPerNetwork {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("HostsPerNetwork names no zone, as in (near=2, far=1)");
    }
    hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
  }

  /** Reads {@code zone=n} for each zone. */
  static HostsPerNetwork of(PolicyArguments arguments) {
    var hosts = new LinkedHashMap<String, Integer>();
    for (var text : arguments.texts()) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("'" + text + "' is not of the form zone=number");
      }
      var zone = text.substring(0, equals).strip();
      int copies = PolicyArguments.copies(text.substring(equals + 1).strip());
      if (hosts.put(zone, copies) != null) {
        throw new IllegalArgumentException("zone '" + zone + "' is named twice");
      }
    }
    return new HostsPerNetwork(hosts);
  }

  /** What is wanted of one zone, as if there were nothing else. */
  private record InZone(String zone, int hosts) implements ReplicationPolicy {

    @Override
    public Placement place(Situation situation, RandomGenerator random) {
      return MultipleHosts.spread(part(situation), hosts, random);
    }

    @Override
    public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
      return part(situation).mostCrowded();
    }

    private Part part(Situation situation) {
      return Part.of(situation).in(device -> isIn(situation, device));
    }

    private boolean isIn(Situation situation, Device device) {
      return situation.cluster().zoneOf(device).equals(Optional.of(zone));
    }

    private long copies(Situation situation) {
      return situation.copies().stream().filter(device -> isIn(situation, device)).count();
    }
  }

  /** The zone with the fewest copies is served first: what burns down with all others is worst. */
  private AllOf zones(Situation situation) {
    List<ReplicationPolicy> zones =
        hosts.entrySet().stream()
            .map(each -> new InZone(each.getKey(), each.getValue()))
            .sorted(Comparator.comparingLong((InZone zone) -> zone.copies(situation)))
            .map(ReplicationPolicy.class::cast)
            .toList();
    return new AllOf(zones);
  }

  @Override
  public Placement place(Situation situation, RandomGenerator random) {
    var zones = zones(situation);
    return zones
        .lacking(situation, random)
        .orElseGet(
            () ->
                zones.spare(situation, random).isPresent()
                    ? new Placement.Excess()
                    : new Placement.Satisfied());
  }

  @Override
  public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
    return zones(situation)
        .spare(situation, random)
        .orElseThrow(() -> new IllegalStateException("no copy can go"));
  }

  @Override
  public boolean isEnough(Situation situation, RandomGenerator random) {
    return zones(situation).isEnough(situation, random);
  }
}
