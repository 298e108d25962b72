package io.hayloft.client;

/**
 * A change was sent, but no answer came back and looking did not settle it: it may have happened,
 * or happen yet. The message says how to find out.
 */
public final class OutcomeUnknownException extends HayloftException {

  private static final long serialVersionUID = 1;

  OutcomeUnknownException(String message, Origin origin, boolean retryable, Throwable cause) {
    super(message, origin, retryable, cause);
  }
}
