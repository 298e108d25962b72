package io.hayloft.tracker.policy;

import java.util.random.RandomGenerator;

/**
 * How many copies a class of files has and how they are spread.
 *
 * <p>Callers may assume that what is proposed may take new files, is not in {@link Situation#on}
 * nor in {@link Situation#avoid}, and that making one proposed copy after the other comes to an end
 * with at most one copy too many: that one is made where copies are in poor places, so that one of
 * those can go. Implementers are pure.
 */
public interface ReplicationPolicy {

  Placement place(Situation situation, RandomGenerator random);

  /**
   * The situation with fewer copies, until none is too much; what is left is spread as well as it
   * can be, because hosts with the most copies give first.
   */
  default Situation reduced(Situation situation, RandomGenerator random) {
    var fewer = situation;
    while (place(fewer, random) instanceof Placement.Excess) {
      fewer = fewer.without(fewer.mostCrowded());
    }
    return fewer;
  }

  /** Whether the copies, perhaps more than are wanted, have among them all that are wanted. */
  default boolean isEnough(Situation situation, RandomGenerator random) {
    return place(reduced(situation, random), random) instanceof Placement.Satisfied;
  }
}
