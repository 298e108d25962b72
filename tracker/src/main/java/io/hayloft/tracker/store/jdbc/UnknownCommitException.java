package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;

/** The connection broke while a commit was under way: it may have happened or not. */
final class UnknownCommitException extends SQLException {

  private static final long serialVersionUID = 1;

  UnknownCommitException(SQLException cause) {
    super(
        "the database did not say whether it committed",
        cause.getSQLState(),
        cause.getErrorCode(),
        cause);
  }
}
