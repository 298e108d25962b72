package io.hayloft.bench.replay;

/** A log that cannot be replayed; the message says why, and where. */
final class BadLogException extends Exception {

  private static final long serialVersionUID = 1;

  BadLogException(String message) {
    super(message);
  }
}
