package io.hayloft.client;

/** There is no file of that key in that domain. */
public final class FileMissingException extends HayloftException {

  private static final long serialVersionUID = 1;

  FileMissingException(String message, Origin origin) {
    super(message, origin, false);
  }
}
