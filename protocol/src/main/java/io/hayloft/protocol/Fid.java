package io.hayloft.protocol;

import java.util.Locale;

/**
 * A file's number: one for each upload, never used again, so its order is roughly its age.
 *
 * @param value at least 1
 */
public record Fid(long value) implements Comparable<Fid> {

  public Fid {
    if (value < 1) {
      throw new IllegalArgumentException("a fid is 1 or more, not " + value);
    }
  }

  /** The fid in decimal, zeros in front up to ten digits: the file's name on a storage node. */
  public String padded() {
    return String.format(Locale.ROOT, "%010d", value);
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
