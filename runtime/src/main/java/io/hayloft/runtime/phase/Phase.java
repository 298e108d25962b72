package io.hayloft.runtime.phase;

/** Somebody whom a request waits for. What it does not wait for is its own work. */
public enum Phase {
  DATABASE,
  NODES,
  /** Copies that are made in the background, of a client that wants to wait for them. */
  COPIES
}
