package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Copies that satisfy several policies at the same time. The original reads such a policy and fails
 * on the first file that is kept by it; here
 *
 * <ul>
 *   <li>a copy is wanted while any member wants one, preferably where several want it;
 *   <li>copies are too many only when every member says so and one of them can go without making
 *       any member unhappy. A member may well see too many where the others see just enough: that
 *       is as it should be.
 * </ul>
 */
record Union(List<ReplicationPolicy> members) implements ReplicationPolicy {

  /** The members of a union that is a member become members: they mean the same, and cost less. */
  Union {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a union needs at least one policy");
    }
    members =
        members.stream()
            .flatMap(
                member -> member instanceof Union(var inner) ? inner.stream() : Stream.of(member))
            .toList();
  }

  @Override
  public Placement place(Situation situation, RandomGenerator random) {
    var all = new AllOf(members);
    return all.lacking(situation, random)
        .orElseGet(
            () ->
                isTooMuchForAll(situation, random) && all.spare(situation, random).isPresent()
                    ? new Placement.Excess()
                    : new Placement.Satisfied());
  }

  private boolean isTooMuchForAll(Situation situation, RandomGenerator random) {
    return members.stream()
        .allMatch(member -> member.place(situation, random) instanceof Placement.Excess);
  }

  @Override
  public DeviceId leastNeeded(Situation situation, RandomGenerator random) {
    return new AllOf(members)
        .spare(situation, random)
        .orElseThrow(() -> new IllegalStateException("no copy can go"));
  }

  @Override
  public boolean isEnough(Situation situation, RandomGenerator random) {
    return new AllOf(members).isEnough(situation, random);
  }
}
