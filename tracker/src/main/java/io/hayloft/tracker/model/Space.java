package io.hayloft.tracker.model;

/**
 * How full a device is, in MiB.
 *
 * @param totalMb used and available together, without what is reserved for root
 * @param asOf unix time of the reading, in seconds
 */
public record Space(long totalMb, long usedMb, long asOf) {

  public long freeMb() {
    return Math.max(0, totalMb - usedMb);
  }

  /** 0 (full) to 1 (empty). */
  public double freeFraction() {
    return totalMb <= 0 ? 0 : (double) freeMb() / totalMb;
  }
}
