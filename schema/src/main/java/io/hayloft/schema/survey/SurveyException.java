package io.hayloft.schema.survey;

/** The database could not be looked at; the message is what the server or the driver said. */
public final class SurveyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SurveyException(String message, Throwable cause) {
    super(message, cause);
  }
}
