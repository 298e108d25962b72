package io.hayloft.protocol;

/**
 * The number of a device (a disk of a storage node), as in the directory name {@code dev3}.
 *
 * @param value 1 to {@value #MAX}, the width of the column it is kept in
 */
public record DeviceId(int value) implements Comparable<DeviceId> {

  public static final int MAX = 16_777_215;

  public DeviceId {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("a device number is 1 to " + MAX + ", not " + value);
    }
  }

  /** The device's directory below the document root: {@code dev3}. */
  public String directory() {
    return "dev" + value;
  }

  @Override
  public int compareTo(DeviceId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
