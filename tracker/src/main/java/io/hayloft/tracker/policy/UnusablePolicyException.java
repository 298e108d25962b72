package io.hayloft.tracker.policy;

/**
 * An installed replication policy cannot be used; the message is one line that says which and why.
 */
public final class UnusablePolicyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnusablePolicyException(String message) {
    super(message);
  }

  UnusablePolicyException(String message, Throwable cause) {
    super(message, cause);
  }
}
