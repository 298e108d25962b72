package io.hayloft.node.requests;

import java.io.IOException;
import java.io.Serial;

/** A source does not give the bytes that it should; asking again is of no use. */
final class SourceException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  SourceException(String message) {
    super(message);
  }
}
