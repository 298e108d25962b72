package io.hayloft.tracker.policy;

import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Copies on so many devices, whatever hosts these are in.
 *
 * @param copies how many; empty leaves it to the class
 */
record MultipleDevices(OptionalInt copies) implements ReplicationPolicy {

  @Override
  public Placement place(Situation situation, RandomGenerator random) {
    int wanted = copies.orElse(situation.mindevcount());
    var all = Part.of(situation);
    int on = all.copies().size();
    if (on > wanted) {
      return new Placement.Excess();
    }
    if (on == wanted || all.isEverywhere()) {
      return new Placement.Satisfied();
    }
    var ideal = Emptiest.order(all.candidates(), random);
    return ideal.isEmpty() ? new Placement.Impossible() : new Placement.Wanted(ideal, List.of());
  }
}
