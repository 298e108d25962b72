package io.hayloft.bench.measure;

/**
 * How long things took, in slots whose width is a sixty-fourth of their value: a figure is up to
 * 1.6 % too high, and adding one costs next to nothing.
 */
public final class Latencies {

  private static final int BITS = 6;
  private static final int WIDTH = 1 << BITS;

  private final long[] slots = new long[(Long.SIZE - BITS) * WIDTH];
  private long count;

  /**
   * @param nanos not negative
   */
  public void add(long nanos) {
    slots[slot(nanos)]++;
    count++;
  }

  /** All that another has. */
  public void addAll(Latencies other) {
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] += other.slots[slot];
    }
    count += other.count;
  }

  public long count() {
    return count;
  }

  /** As {@link #percentileMicros}, or not a number when there is nothing to tell. */
  public double percentileOrNaN(double percent) {
    return count == 0 ? Double.NaN : percentileMicros(percent);
  }

  /**
   * The time, in microseconds, that so many percent did not exceed.
   *
   * @throws IllegalStateException when there is nothing to tell
   */
  public double percentileMicros(double percent) {
    if (percent <= 0 || percent > 100) {
      throw new IllegalArgumentException("above 0 and up to 100, not " + percent);
    }
    long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
    long seen = 0;
    for (int slot = 0; slot < slots.length; slot++) {
      seen += slots[slot];
      if (seen >= rank) {
        return most(slot) / 1000.0;
      }
    }
    throw new IllegalStateException("nothing was timed");
  }

  static int slot(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("negative: " + nanos);
    }
    if (nanos < WIDTH) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos);
    return shift * WIDTH + (int) (nanos >>> shift);
  }

  /** The largest value of a slot. */
  static long most(int slot) {
    if (slot < 2 * WIDTH) {
      return slot;
    }
    int shift = slot / WIDTH - 1;
    return (((long) slot - (long) shift * WIDTH + 1) << shift) - 1;
  }
}
