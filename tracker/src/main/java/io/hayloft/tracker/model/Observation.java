package io.hayloft.tracker.model;

import java.util.Optional;

/**
 * What the monitor saw of a device.
 *
 * @param utilization how busy the disk is, 0 to 100, as text; {@code -} where the node cannot tell
 * @param rejectsBadMd5 whether the node refuses a body that does not fit its Content-MD5; empty
 *     while not known
 * @param refused why the device is not used although it may answer: its disk is not the one that
 *     belongs to its number
 */
public record Observation(
    Reach reach, String utilization, Optional<Boolean> rejectsBadMd5, Optional<String> refused) {

  public static final Observation NONE = new Observation(Reach.UNKNOWN, "", Optional.empty());

  /** Of a device that may be used. */
  public Observation(Reach reach, String utilization, Optional<Boolean> rejectsBadMd5) {
    this(reach, utilization, rejectsBadMd5, Optional.empty());
  }

  public Observation with(Reach newer) {
    return new Observation(newer, utilization, rejectsBadMd5, refused);
  }

  public Observation withUtilization(String percent) {
    return new Observation(reach, percent, rejectsBadMd5, refused);
  }

  public Observation withRejectsBadMd5(boolean rejects) {
    return new Observation(reach, utilization, Optional.of(rejects), refused);
  }

  public Observation withRefused(Optional<String> why) {
    return new Observation(reach, utilization, rejectsBadMd5, why);
  }
}
