package io.hayloft.tracker.store.cache;

/** A server of the cache did not do what was asked of it, or not in time. */
public final class CacheException extends Exception {

  private static final long serialVersionUID = 1;

  public CacheException(String message) {
    super(message);
  }

  public CacheException(String message, Throwable cause) {
    super(message, cause);
  }
}
