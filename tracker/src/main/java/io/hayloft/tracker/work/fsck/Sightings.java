package io.hayloft.tracker.work.fsck;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What was seen of each location of a slice, by slot. Several threads may write, each the slots of
 * a device of its own; it is read when they have ended.
 */
final class Sightings {

  /** What was seen of a location. */
  enum Sight {
    /** Nobody was asked, and nobody is to be. */
    UNASKED,
    GOOD,
    /** It is not there, or not as it should be. */
    BAD,
    /** Its content is not what was stored. */
    DOUBTED,
    /** Its device did not answer. */
    SILENT,
    /** Its device is dead, or not there any more. */
    LOST,
    /** Its node cannot list files. */
    FOREIGN
  }

  private static final long NONE = -1;

  private final Sight[] sights;
  private final long[] crcs;

  Sightings(int slots) {
    sights = new Sight[slots];
    Arrays.fill(sights, Sight.UNASKED);
    crcs = new long[slots];
    Arrays.fill(crcs, NONE);
  }

  void see(int slot, Sight sight) {
    sights[slot] = sight;
  }

  void see(int slot, Sight sight, OptionalInt crc) {
    see(slot, sight);
    crcs[slot] = crc.isPresent() ? Integer.toUnsignedLong(crc.getAsInt()) : NONE;
  }

  Sight of(int slot) {
    return sights[slot];
  }

  /** Whether all of some locations were seen, and good. */
  boolean areGood(int from, int to) {
    for (int slot = from; slot < to; slot++) {
      if (sights[slot] != Sight.GOOD) {
        return false;
      }
    }
    return true;
  }

  /** Whether two locations are known to have different contents. */
  boolean differ(int slot, int other) {
    return crcs[slot] != NONE && crcs[other] != NONE && crcs[slot] != crcs[other];
  }
}
