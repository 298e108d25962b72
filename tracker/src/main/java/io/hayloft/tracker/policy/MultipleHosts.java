package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Copies on as many hosts as there should be copies. Where there are fewer hosts, the remaining
 * copies go on other devices of the same hosts.
 *
 * @param copies how many; empty leaves it to the class
 */
record MultipleHosts(OptionalInt copies) implements ReplicationPolicy {

  @Override
  public Placement place(Situation situation, RandomGenerator random) {
    return spread(Part.of(situation), copies.orElse(situation.mindevcount()), random);
  }

  /** The same for a part of the cluster, as if there were nothing else. */
  static Placement spread(Part part, int wanted, RandomGenerator random) {
    int on = part.copies().size();
    var used = part.usedHosts();
    int hosts = part.hosts().size();
    if (on > wanted) {
      return new Placement.Excess();
    }
    boolean spread = used.size() == wanted || (used.size() >= hosts && on >= wanted);
    if (spread || part.isEverywhere()) {
      return new Placement.Satisfied();
    }
    boolean hostsLeft = used.size() < hosts;
    var byHost =
        part.candidates().stream()
            .collect(Collectors.partitioningBy(d -> !hostsLeft || !used.contains(d.host())));
    // Ordered apart, so that many empty disks of a used host cannot crowd out those of another.
    var ideal = Emptiest.order(byHost.getOrDefault(true, List.<Device>of()), random);
    var desperate = Emptiest.order(byHost.getOrDefault(false, List.<Device>of()), random);
    return Placement.wanted(ideal, desperate, on >= wanted);
  }
}
