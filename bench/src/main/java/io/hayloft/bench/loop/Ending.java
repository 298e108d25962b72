package io.hayloft.bench.loop;

/** How an operation ended. */
public enum Ending {
  SERVED,
  /** {@code ERR busy}, which is no failure: it says to come back later. */
  REFUSED,
  /** Another error than that. */
  FAILED,
  /** The connection ended before there was an answer, or none came for long. */
  LOST,
  /** Never begun: all connections were taken for as long as a client would have waited. */
  UNSENT
}
