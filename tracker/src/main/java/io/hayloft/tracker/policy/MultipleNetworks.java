package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Copies in as many networks as there should be copies, or in all where there are fewer, and within
 * that on as many hosts. A network is a zone; hosts that are in none form networks by the first two
 * numbers of their addresses.
 *
 * @param copies how many; empty leaves it to the class
 */
record MultipleNetworks(OptionalInt copies) implements ReplicationPolicy {

  @Override
  public Placement place(Situation situation, RandomGenerator random) {
    int wanted = copies.orElse(situation.mindevcount());
    var all = Part.of(situation);
    int on = all.copies().size();
    if (on > wanted) {
      return new Placement.Excess();
    }
    var network = networkIn(situation.cluster());
    var networks = all.usedPlaces(network);
    var hosts = all.usedHosts();
    boolean networksLeft = networks.size() < Math.min(wanted, all.places(network).size());
    boolean hostsLeft = hosts.size() < Math.min(wanted, all.hosts().size());
    if ((on >= wanted && !networksLeft && !hostsLeft) || all.isEverywhere()) {
      return new Placement.Satisfied();
    }
    var grades =
        all.candidates().stream()
            .collect(
                Collectors.groupingBy(
                    device ->
                        hosts.contains(device.host())
                            ? Grade.USED_HOST
                            : networks.contains(network.apply(device))
                                ? Grade.USED_NETWORK
                                : Grade.NEW_NETWORK));
    var worstIdeal =
        networksLeft ? Grade.NEW_NETWORK : hostsLeft ? Grade.USED_NETWORK : Grade.USED_HOST;
    var ideal = new ArrayList<Device>();
    var desperate = new ArrayList<Device>();
    for (var grade : Grade.values()) {
      var list = grade.compareTo(worstIdeal) <= 0 ? ideal : desperate;
      list.addAll(Emptiest.order(grades.getOrDefault(grade, List.of()), random));
    }
    return Placement.wanted(ideal, desperate, on >= wanted);
  }

  /** How good a place for a further copy is, best first. */
  private enum Grade {
    NEW_NETWORK,
    USED_NETWORK,
    USED_HOST
  }

  @Override
  public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
    return Part.of(situation).mostCrowded(networkIn(situation.cluster()));
  }

  private static Function<Device, String> networkIn(ClusterView cluster) {
    return device ->
        cluster
            .zoneOf(device)
            .map(zone -> "zone " + zone)
            .or(() -> cluster.host(device.host()).map(MultipleNetworks::neighbourhood))
            .orElseGet(() -> "host " + device.host());
  }

  private static String neighbourhood(Host host) {
    var ip = host.addresses().ip();
    return ip.substring(0, Math.max(0, ip.indexOf('.', ip.indexOf('.') + 1)));
  }
}
