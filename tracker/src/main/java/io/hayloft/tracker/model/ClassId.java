package io.hayloft.tracker.model;

/** The number of a class within its domain; 0 is the class {@code default}. */
public record ClassId(int value) implements Comparable<ClassId> {

  /** The class that every domain has, whether or not there is a row for it. */
  public static final ClassId DEFAULT = new ClassId(0);

  public ClassId {
    if (value < 0) {
      throw new IllegalArgumentException("a class number is 0 or more, not " + value);
    }
  }

  @Override
  public int compareTo(ClassId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
