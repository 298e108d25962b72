package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;

/** Another transaction did meanwhile what this one was about to do; starting again will see it. */
final class LostRaceException extends SQLException {

  private static final long serialVersionUID = 1;

  LostRaceException(String what, SQLException cause) {
    super(what, "40001", cause);
  }

  private LostRaceException(String what) {
    super(what, "40001");
  }

  /** A key stood for nothing for a moment that never was: it is being overwritten. */
  static LostRaceException overwritten() {
    return new LostRaceException("a key was overwritten meanwhile");
  }
}
