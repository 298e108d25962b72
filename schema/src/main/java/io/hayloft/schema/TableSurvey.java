package io.hayloft.schema;

import io.hayloft.schema.SchemaStatus.Migration;
import io.hayloft.schema.SchemaStatus.State;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which tables a database has, before any judgement.
 *
 * @param names in lower case, ascending
 * @param mogilefsVersion the setting {@code schema_version}, where there is one
 */
record TableSurvey(Set<String> names, Optional<String> mogilefsVersion) {

  /** Tables without which a database is not MogileFS's, whatever its settings say. */
  private static final Set<String> ESSENTIAL =
      Set.of(
          "checksum",
          "class",
          "device",
          "domain",
          "file",
          "file_on",
          "file_to_delete2",
          "file_to_queue",
          "file_to_replicate",
          "host",
          "server_settings",
          "tempfile");

  private static final int NAMES_SHOWN = 5;

  static TableSurvey of(String url, String user, String password) throws SQLException {
    try (var connection = DriverManager.getConnection(url, user, password)) {
      var names = names(connection);
      var version =
          names.contains("server_settings") ? version(connection) : Optional.<String>empty();
      return new TableSurvey(names, version);
    }
  }

  private static Set<String> names(Connection connection) throws SQLException {
    var names = new TreeSet<String>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = DATABASE()")) {
      while (rows.next()) {
        names.add(rows.getString(1).toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** Any other program may have a table of that name with other columns; then there is none. */
  private static Optional<String> version(Connection connection) throws SQLException {
    var columns = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT column_name FROM information_schema.columns"
                    + " WHERE table_schema = DATABASE() AND table_name = 'server_settings'")) {
      while (rows.next()) {
        columns.add(rows.getString(1).toLowerCase(Locale.ROOT));
      }
    }
    if (!columns.containsAll(List.of("field", "value"))) {
      return Optional.empty();
    }
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT value FROM server_settings WHERE field = 'schema_version'")) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  SchemaStatus status(List<Migration> migrations, boolean migratedByNewer) {
    return new SchemaStatus(state(migrations, migratedByNewer), detail(), migrations);
  }

  private State state(List<Migration> migrations, boolean migratedByNewer) {
    if (names.isEmpty()) {
      return State.EMPTY;
    }
    if (mogilefsVersion.filter(found -> !found.equals(Schema.MOGILEFS_VERSION)).isPresent()) {
      return State.OTHER_VERSION;
    }
    if (names.contains(Schema.HISTORY_TABLE)) {
      if (migratedByNewer) {
        return State.NEWER;
      }
      return migrations.stream().allMatch(Migration::applied) ? State.CURRENT : State.BEHIND;
    }
    return mogilefsVersion.isPresent() && names.containsAll(ESSENTIAL)
        ? State.ADOPTABLE
        : State.FOREIGN;
  }

  private String detail() {
    return mogilefsVersion.orElseGet(
        () ->
            names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
                + (names.size() > NAMES_SHOWN ? ", …" : ""));
  }
}
