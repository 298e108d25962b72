package io.hayloft.client;

/** No tracker, or no storage node with the file, could be reached in time. Nothing was changed. */
public final class UnreachableException extends HayloftException {

  private static final long serialVersionUID = 1;

  UnreachableException(String message, Origin origin) {
    super(message, origin, true);
  }
}
