package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How many copies a class of files has and how they are spread.
 *
 * <p>Callers may assume that what is proposed may take new files, is not in {@link Situation#on}
 * nor in {@link Situation#avoid}, and that making one proposed copy after the other comes to an end
 * with at most one copy too many: that one is made where copies are in poor places, so that one of
 * those can go. Implementers are pure: the same situation and random numbers give the same answer.
 *
 * <p>The places to propose are among {@link Situation#candidates()}, all that come into question
 * and not only the best, since another policy may have to agree.
 */
public interface ReplicationPolicy {

  Placement place(Situation situation, RandomGenerator random);

  /**
   * Where copies are too many, the one whose loss does the least harm to how they are spread. Asked
   * only when {@link #place} says {@link Placement.Excess}.
   */
  default DeviceId leastNeeded(Situation situation, RandomGenerator random) {
    return Part.of(situation).mostCrowded();
  }

  /**
   * The situation with fewer copies, until none is too much; what is left is spread as well as it
   * can be.
   */
  default Situation reduced(Situation situation, RandomGenerator random) {
    var fewer = situation;
    while (place(fewer, random) instanceof Placement.Excess) {
      var next = fewer.without(leastNeeded(fewer, random));
      if (next.on().size() >= fewer.on().size()) {
        throw new IllegalStateException(this + " gives up a copy that there is not");
      }
      fewer = next;
    }
    return fewer;
  }

  /** Whether the copies, perhaps more than are wanted, have among them all that are wanted. */
  default boolean isEnough(Situation situation, RandomGenerator random) {
    return place(reduced(situation, random), random) instanceof Placement.Satisfied;
  }

  /**
   * What {@link #place} says when copies that are too many do not count: never {@link
   * Placement.Excess}, and never a further poor place where there are copies enough.
   */
  default Placement lacking(Situation situation, RandomGenerator random) {
    var reduced = reduced(situation, random);
    var placement = place(reduced, random);
    if (reduced.on().size() < situation.on().size()
        && placement instanceof Placement.Wanted(var ideal, var _)) {
      return ideal.isEmpty() ? new Placement.Impossible() : new Placement.Wanted(ideal, List.of());
    }
    return placement;
  }
}
