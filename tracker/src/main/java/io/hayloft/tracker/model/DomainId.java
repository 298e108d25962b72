package io.hayloft.tracker.model;

/** The number of a domain, as in the column {@code dmid}. */
public record DomainId(int value) implements Comparable<DomainId> {

  public DomainId {
    if (value < 0) {
      throw new IllegalArgumentException("a domain number is 0 or more, not " + value);
    }
  }

  @Override
  public int compareTo(DomainId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
