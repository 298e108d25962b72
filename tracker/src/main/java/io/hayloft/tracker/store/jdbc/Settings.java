package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;

/** Settings that count. */
final class Settings {

  private Settings() {}

  /** Adds one to a setting that is a number; one that is not there becomes 1. */
  static void increment(Session session, String setting) throws SQLException {
    session.update(
        "INSERT INTO server_settings (field, value) VALUES (?, '1')"
            + " ON DUPLICATE KEY UPDATE value = CAST(value AS UNSIGNED) + 1",
        setting);
  }
}
