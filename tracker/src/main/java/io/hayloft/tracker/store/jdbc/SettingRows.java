package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Arguments;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of the table {@code server_settings} within a transaction, for what several of them say
 * together.
 */
final class SettingRows {

  private final Session session;
  private final Map<String, String> values = new HashMap<>();

  private SettingRows(Session session) {
    this.session = session;
  }

  /**
   * Reads settings for a change of them. A row that always exists is locked first, so that of two
   * who find that something is not set only one sets it.
   */
  static SettingRows lock(Session session, String... names) throws SQLException {
    session.list(
        row -> row.text(1),
        "SELECT value FROM server_settings WHERE field = 'schema_version' FOR UPDATE");
    return read(session, names);
  }

  static SettingRows read(Session session, String... names) throws SQLException {
    var rows = new SettingRows(session);
    session
        .listMany(
            row -> Map.entry(row.text(1), row.text(2)),
            "SELECT field, value FROM server_settings WHERE field IN (??)",
            List.of(names))
        .forEach(row -> rows.values.put(row.getKey(), row.getValue()));
    return rows;
  }

  /** The value; empty as well where it is none to Perl. */
  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(Arguments::isTrue);
  }

  /** The number, or 0 where there is none. */
  long number(String name) {
    var text = values.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  void put(String name, String value) throws SQLException {
    values.put(name, value);
    session.update(
        "INSERT INTO server_settings (field, value) VALUES (?, ?)"
            + " ON DUPLICATE KEY UPDATE value = ?",
        name,
        value,
        value);
  }

  void put(String name, long value) throws SQLException {
    put(name, Long.toString(value));
  }

  void remove(String... names) throws SQLException {
    for (var name : names) {
      values.remove(name);
      session.update("DELETE FROM server_settings WHERE field = ?", name);
    }
  }
}
