package io.hayloft.bench.measure;

/**
 * What the parts of an installation have used: processor time, in microseconds.
 *
 * @param statements how many the database was sent; each is a round trip and a parse
 */
public record Consumption(long tracker, long database, long nodes, long statements) {

  public Consumption since(Consumption earlier) {
    return new Consumption(
        tracker - earlier.tracker,
        database - earlier.database,
        nodes - earlier.nodes,
        statements - earlier.statements);
  }

  /** Tracker and database, which the goals are about. */
  public long central() {
    return tracker + database;
  }
}
