package io.hayloft.client;

import java.io.IOException;

/** The bytes to be stored could not be read, or are not as many as was said. */
final class SourceFailedException extends IOException {

  private static final long serialVersionUID = 1;

  private final IOException reason;

  SourceFailedException(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  /** What the application shall see. */
  IOException reason() {
    return reason;
  }
}
