package io.hayloft.client;

import java.io.IOException;

/** A tracker did not answer, or answered something that cannot be trusted. */
final class ExchangeFailedException extends Exception {

  private static final long serialVersionUID = 1;

  private final boolean maybeProcessed;

  /**
   * @param maybeProcessed whether the tracker may have got the whole request
   */
  ExchangeFailedException(IOException cause, boolean maybeProcessed) {
    super(String.valueOf(cause.getMessage()), cause);
    this.maybeProcessed = maybeProcessed;
  }

  boolean maybeProcessed() {
    return maybeProcessed;
  }
}
