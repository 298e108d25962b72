package io.hayloft.bench.measure;

/** Processor time that the parts of an installation have used, in microseconds. */
public record Consumption(long tracker, long database, long nodes) {

  public Consumption since(Consumption earlier) {
    return new Consumption(
        tracker - earlier.tracker, database - earlier.database, nodes - earlier.nodes);
  }

  /** Tracker and database, which the goals are about. */
  public long central() {
    return tracker + database;
  }
}
