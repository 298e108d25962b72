package io.hayloft.tracker.model;

/**
 * Who asks: it decides which of a host's addresses goes into a URL.
 *
 * @param ip the client's address; empty when it is the tracker itself
 * @param wantsAlternate whether the request said {@code zone=alt}
 */
public record Caller(String ip, boolean wantsAlternate) {

  /** The tracker, which uses the plain addresses. */
  public static final Caller TRACKER = new Caller("", false);
}
