package io.hayloft.protocol;

/**
 * A file's number: one for each upload, never used again, so its order is roughly its age.
 *
 * @param value at least 1
 */
public record Fid(long value) implements Comparable<Fid> {

  private static final String PADDING = "0000000000";

  public Fid {
    if (value < 1) {
      throw new IllegalArgumentException("a fid is 1 or more, not " + value);
    }
  }

  /** The fid in decimal, zeros in front up to ten digits: the file's name on a storage node. */
  public String padded() {
    var digits = Long.toString(value);
    return digits.length() < PADDING.length()
        ? PADDING.substring(digits.length()) + digits
        : digits;
  }

  @Override
  public int compareTo(Fid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
