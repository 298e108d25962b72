package io.hayloft.client;

/**
 * What a tracker's time went into.
 *
 * @param kind {@code command} or {@code statement}
 * @param name the command, or the statement's text
 * @param count how often since the tracker started
 * @param seconds all of them together
 * @param waiting how many of these seconds were spent waiting for the database, for nodes or for
 *     copies; all of them for a statement
 */
public record TimeSpent(String kind, String name, long count, double seconds, double waiting) {

  /** Of one, on average. */
  public double meanSeconds() {
    return count == 0 ? 0 : seconds / count;
  }
}
