package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Several policies that the copies of a file must satisfy at the same time, in the order in which
 * they are served.
 */
record AllOf(List<ReplicationPolicy> members) {

  AllOf {
    members = List.copyOf(members);
  }

  /**
   * What is missing; empty when every policy has all that it wants among the copies. While one can
   * be helped it does not matter that another cannot.
   */
  Optional<Placement> lacking(Situation situation, RandomGenerator random) {
    var wishes = new ArrayList<Placement.Wanted>();
    boolean stuck = false;
    for (var member : members) {
      switch (member.lacking(situation, random)) {
        case Placement.Wanted wanted -> wishes.add(wanted);
        case Placement.Impossible() -> stuck = true;
        case Placement.Satisfied(), Placement.Excess() -> {}
      }
    }
    if (wishes.isEmpty()) {
      return stuck ? Optional.of(new Placement.Impossible()) : Optional.empty();
    }
    return Optional.of(
        new Placement.Wanted(
            agreed(wishes, Placement.Wanted::ideal), agreed(wishes, Placement.Wanted::desperate)));
  }

  /**
   * The proposals of the first that has any; those that others make as well come first, because one
   * copy there serves several.
   */
  private static List<Device> agreed(
      List<Placement.Wanted> wishes, Function<Placement.Wanted, List<Device>> kind) {
    var proposals = wishes.stream().map(kind).filter(list -> !list.isEmpty()).toList();
    if (proposals.size() < 2) {
      return proposals.isEmpty() ? List.of() : proposals.getFirst();
    }
    var others = proposals.stream().skip(1).map(HashSet::new).toList();
    return proposals.getFirst().stream()
        .sorted(
            Comparator.comparingLong(
                device -> -others.stream().filter(other -> other.contains(device)).count()))
        .toList();
  }

  boolean isEnough(Situation situation, RandomGenerator random) {
    return members.stream().allMatch(member -> member.isEnough(situation, random));
  }

  /**
   * A copy that no policy needs, on a host that has many rather than few; empty if there is none.
   */
  Optional<DeviceId> spare(Situation situation, RandomGenerator random) {
    var left = new ArrayList<>(situation.copies());
    var order = new ArrayList<DeviceId>();
    while (!left.isEmpty()) {
      var next = new Part(left, List.of(), List.of()).mostCrowded();
      order.add(next);
      left.removeIf(device -> device.id().equals(next));
    }
    return order.stream().filter(device -> isEnough(situation.without(device), random)).findFirst();
  }
}
