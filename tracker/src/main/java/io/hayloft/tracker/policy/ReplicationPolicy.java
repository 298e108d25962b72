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
}
