package io.hayloft.schema;

/** The database cannot be used as it is; the message is one sentence that says what to do. */
public final class SchemaException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SchemaException(String message) {
    super(message);
  }

  SchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
