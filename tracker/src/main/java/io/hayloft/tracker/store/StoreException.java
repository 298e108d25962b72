package io.hayloft.tracker.store;

/** The database did not do what was asked of it. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Cause {
    /** A name or number that must be unique is taken. */
    DUPLICATE,
    /** Cannot be reached, or did not answer in time. */
    UNAVAILABLE,
    /** Others took so long that it was not begun: nothing of it was done. */
    BUSY,
    /** Lost against another transaction, again and again. */
    CONFLICT,
    /** Anything else; a person should read the message. */
    BROKEN
  }

  private final Cause why;

  public StoreException(Cause why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** What no other exception led to. */
  public StoreException(Cause why, String message) {
    super(message);
    this.why = why;
  }

  public Cause why() {
    return why;
  }
}
