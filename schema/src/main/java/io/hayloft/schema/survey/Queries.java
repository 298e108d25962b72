package io.hayloft.schema.survey;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions to one connection, none of which may take long. */
final class Queries {

  private static final int SECONDS_EACH = 20;

  private final Connection connection;
  private final List<String> skipped = new ArrayList<>();

  Queries(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the present row. */
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A question whose answer one can do without. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  <T> List<T> list(Reader<T> reader, String sql) throws SQLException {
    var results = new ArrayList<T>();
    try (var statement = connection.createStatement()) {
      statement.setQueryTimeout(SECONDS_EACH);
      try (var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          results.add(reader.read(rows));
        }
      }
    }
    return results;
  }

  <T> Optional<T> one(Reader<T> reader, String sql) throws SQLException {
    return list(reader, sql).stream().findFirst();
  }

  /** How many rows, counted up to one more than {@link Survey#COUNTED_TO}. */
  long count(String fromWhere) throws SQLException {
    return one(
            row -> row.getLong(1),
            "SELECT COUNT(*) FROM (SELECT 1 FROM %s LIMIT %d) AS counted"
                .formatted(fromWhere, Survey.COUNTED_TO + 1))
        .orElse(0L);
  }

  /** The answer, or the other value when it takes too long; then this is remembered. */
  <T> T inTime(String what, T otherwise, Question<T> question) throws SQLException {
    try {
      return question.ask();
    } catch (SQLTimeoutException e) {
      skip(what + ": no answer within " + SECONDS_EACH + " s");
      return otherwise;
    }
  }

  void skip(String what) {
    skipped.add(what);
  }

  List<String> skipped() {
    return List.copyOf(skipped);
  }

  static String text(ResultSet row, int column) throws SQLException {
    var text = row.getString(column);
    return text == null ? "" : text;
  }
}
