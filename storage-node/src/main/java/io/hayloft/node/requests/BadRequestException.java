package io.hayloft.node.requests;

import java.io.Serial;

/** A native request cannot be understood; the message is a sentence for whoever asked. */
public final class BadRequestException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  public BadRequestException(String message) {
    super(message);
  }
}
