package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.Device;
import java.util.List;

/** What a policy says of a file's present places. */
public sealed interface Placement {

  /** Enough copies, in the right places. */
  record Satisfied() implements Placement {}

  /** More copies than are wanted; which one can go is found by asking again without it. */
  record Excess() implements Placement {}

  /**
   * A further copy should be made.
   *
   * @param ideal where it would satisfy the policy, best first
   * @param desperate where it would at least be one more copy, best first; for when nothing ideal
   *     is left
   */
  record Wanted(List<Device> ideal, List<Device> desperate) implements Placement {

    public Wanted {
      ideal = List.copyOf(ideal);
      desperate = List.copyOf(desperate);
      if (ideal.isEmpty() && desperate.isEmpty()) {
        throw new IllegalArgumentException("nowhere to go is Impossible, not Wanted");
      }
    }

    /** The best place of all. */
    public Device best() {
      return ideal.isEmpty() ? desperate.getFirst() : ideal.getFirst();
    }
  }

  /**
   * What is wanted, where there may be no such place.
   *
   * @param enough whether there are as many copies as wanted, only in poor places: more copies in
   *     poor places do not make that better
   */
  static Placement wanted(List<Device> ideal, List<Device> desperate, boolean enough) {
    var fallback = enough ? List.<Device>of() : desperate;
    return ideal.isEmpty() && fallback.isEmpty() ? new Impossible() : new Wanted(ideal, fallback);
  }

  /** A further copy should be made, and no device may take it at this moment. */
  record Impossible() implements Placement {}
}
