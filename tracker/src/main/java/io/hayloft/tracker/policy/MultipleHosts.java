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
    int wanted = copies.orElse(situation.mindevcount());
    var on = situation.copies();
    var used = on.stream().map(Device::host).collect(Collectors.toUnmodifiableSet());
    int hosts = situation.hostsWithAliveDisks().size();
    if (on.size() > wanted) {
      return new Placement.Excess();
    }
    boolean spread = used.size() == wanted || (used.size() >= hosts && on.size() >= wanted);
    boolean everywhere = on.size() >= 2 && on.size() == situation.disks();
    if (spread || everywhere) {
      return new Placement.Satisfied();
    }
    boolean hostsLeft = used.size() < hosts;
    var byHost =
        situation.candidates().stream()
            .collect(Collectors.partitioningBy(d -> !hostsLeft || !used.contains(d.host())));
    // Ordered apart, so that many empty disks of a used host cannot crowd out those of another.
    var ideal = Emptiest.order(byHost.getOrDefault(true, List.of()), random);
    var desperate = Emptiest.order(byHost.getOrDefault(false, List.of()), random);
    boolean enough = on.size() >= wanted;
    if (ideal.isEmpty() && (enough || desperate.isEmpty())) {
      // Enough copies in poor places are not made better by more copies in poor places.
      return new Placement.Impossible();
    }
    return new Placement.Wanted(ideal, enough ? List.of() : desperate);
  }
}
