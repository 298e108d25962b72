package io.hayloft.tracker.model;

import java.util.Optional;

/**
 * What the monitor saw of a device. One that its node takes no changes for is readable at best,
 * whatever a trial to write, which may be older, has shown.
 *
 * @param utilization how busy the disk is, 0 to 100, as text; {@code -} where the node cannot tell
 * @param rejectsBadMd5 whether the node refuses a body that does not fit its Content-MD5; empty
 *     while not known
 * @param refused why the device is not used although it may answer: its disk is not the one that
 *     belongs to its number
 * @param distrusted why its node takes no changes there: a sync failed
 */
public record Observation(
    Reach reach,
    String utilization,
    Optional<Boolean> rejectsBadMd5,
    Optional<String> refused,
    Optional<String> distrusted) {

  public static final Observation NONE = new Observation(Reach.UNKNOWN, "", Optional.empty());

  public Observation {
    if (distrusted.isPresent() && reach == Reach.WRITEABLE) {
      reach = Reach.READABLE;
    }
  }

  /** Of a device that may be used. */
  public Observation(Reach reach, String utilization, Optional<Boolean> rejectsBadMd5) {
    this(reach, utilization, rejectsBadMd5, Optional.empty(), Optional.empty());
  }

  public Observation with(Reach newer) {
    return new Observation(newer, utilization, rejectsBadMd5, refused, distrusted);
  }

  public Observation withUtilization(String percent) {
    return new Observation(reach, percent, rejectsBadMd5, refused, distrusted);
  }

  public Observation withRejectsBadMd5(boolean rejects) {
    return new Observation(reach, utilization, Optional.of(rejects), refused, distrusted);
  }

  public Observation withRefused(Optional<String> why) {
    return new Observation(reach, utilization, rejectsBadMd5, why, distrusted);
  }

  public Observation withDistrusted(Optional<String> why) {
    return new Observation(reach, utilization, rejectsBadMd5, refused, why);
  }
}
