package io.hayloft.systemtest;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What is in the database of a test. */
final class Rows {

  private Rows() {}

  /** A line for each row, with blanks between its columns. */
  static List<String> of(TestDatabase database, String sql) throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }

  /** The only column of the only row; 0 where there is none. */
  static long number(TestDatabase database, String sql) throws SQLException {
    var rows = of(database, sql);
    return rows.isEmpty() ? 0 : Long.parseLong(rows.getFirst());
  }
}
