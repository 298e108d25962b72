package io.hayloft.tracker.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parts of the network that operators have named: the setting {@code network_zones} lists their
 * names, and {@code zone_<name>} the networks of each. An address belongs to the zone with the
 * narrowest network around it.
 *
 * <p>What cannot be read of this matches nobody; the rest is used, and {@link #problems} says what
 * was left out.
 */
public final class Zones {

  private static final String NAMES = "network_zones";
  private static final String NETWORKS = "zone_";

  private record Part(Netmask network, String zone) {}

  private final List<Part> narrowestFirst;
  private final List<String> problems;

  private Zones(List<Part> parts, List<String> problems) {
    this.narrowestFirst =
        parts.stream()
            .sorted(Comparator.comparingInt((Part part) -> part.network().length()).reversed())
            .toList();
    this.problems = List.copyOf(problems);
  }

  public static Zones of(ServerSettings settings) {
    var parts = new ArrayList<Part>();
    var problems = new ArrayList<String>();
    var owners = new HashMap<Netmask, String>();
    for (var zone : words(settings.get(NAMES).orElse(""))) {
      var networks = words(settings.get(NETWORKS + zone).orElse(""));
      if (networks.isEmpty()) {
        problems.add("zone " + zone + " has no networks");
      }
      for (var text : networks) {
        var network = Netmask.parse(text);
        if (network.isEmpty()) {
          problems.add("zone " + zone + ": " + text + " is not a network");
          continue;
        }
        var owner = owners.putIfAbsent(network.get(), zone);
        if (owner == null) {
          parts.add(new Part(network.get(), zone));
        } else if (!owner.equals(zone)) {
          problems.add("zone " + zone + ": " + text + " belongs to zone " + owner);
        }
      }
    }
    return new Zones(parts, problems);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+"))
        .filter(Predicate.not(String::isEmpty))
        .distinct()
        .toList();
  }

  /** The zone of an address; empty when it is in none. */
  public Optional<String> of(String ip) {
    return narrowestFirst.isEmpty() ? Optional.empty() : Netmask.ipv4(ip).flatMap(this::around);
  }

  /** The zone of a network's first address; empty when it is in none. */
  public Optional<String> of(Netmask network) {
    return around(network.network());
  }

  private Optional<String> around(int address) {
    return narrowestFirst.stream()
        .filter(part -> part.network().contains(address))
        .findFirst()
        .map(Part::zone);
  }

  /** Whether two addresses are known to be in the same zone. */
  public boolean sameZone(String ip, String other) {
    var zone = of(ip);
    return zone.isPresent() && zone.equals(of(other));
  }

  /** What operators have written that has no effect, a line for each. */
  public List<String> problems() {
    return problems;
  }
}
