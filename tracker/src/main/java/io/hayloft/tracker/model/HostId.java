package io.hayloft.tracker.model;

/** The number of a host, given once and never again. */
public record HostId(int value) implements Comparable<HostId> {

  public HostId {
    if (value < 1) {
      throw new IllegalArgumentException("a host number is 1 or more, not " + value);
    }
  }

  @Override
  public int compareTo(HostId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
