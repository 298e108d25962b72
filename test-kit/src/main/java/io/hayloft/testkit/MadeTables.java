package io.hayloft.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a database was when its tables had just been made: their structure, and the rows that a
 * migration leaves. It can be made so again in a tenth of the time that new tables take.
 */
final class MadeTables {

  /** All that statements on tables can have changed but rows. */
  private static final List<String> STRUCTURE =
      List.of(
          "SELECT default_character_set_name, default_collation_name"
              + " FROM information_schema.schemata WHERE schema_name = DATABASE()",
          "SELECT table_name, table_type, engine, table_collation"
              + " FROM information_schema.tables WHERE table_schema = DATABASE()",
          "SELECT table_name, ordinal_position, column_name, column_type, is_nullable,"
              + " column_default, collation_name, extra"
              + " FROM information_schema.columns WHERE table_schema = DATABASE()",
          "SELECT table_name, index_name, seq_in_index, column_name, non_unique, sub_part"
              + " FROM information_schema.statistics WHERE table_schema = DATABASE()",
          "SELECT trigger_name, event_manipulation, event_object_table, action_statement"
              + " FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
          "SELECT routine_name, routine_definition"
              + " FROM information_schema.routines WHERE routine_schema = DATABASE()");

  private final Set<List<String>> structure;

  /** Those that number their rows, from 1 again when they are made empty. */
  private final Set<String> numbering;

  private final Map<String, List<List<String>>> rows;

  private MadeTables(
      Set<List<String>> structure, Set<String> numbering, Map<String, List<List<String>>> rows) {
    this.structure = structure;
    this.numbering = numbering;
    this.rows = rows;
  }

  static MadeTables of(Connection connection) throws SQLException {
    var rows = new TreeMap<String, List<List<String>>>();
    for (var name : query(connection, "SHOW TABLES")) {
      rows.put(name.getFirst(), rowsOf(connection, name.getFirst()));
    }
    var numbering = new HashSet<String>();
    for (var column :
        query(
            connection,
            "SELECT table_name FROM information_schema.columns"
                + " WHERE table_schema = DATABASE() AND extra LIKE '%auto_increment%'")) {
      numbering.add(column.getFirst());
    }
    return new MadeTables(structure(connection), numbering, rows);
  }

  /** Makes them so again; false, and nothing done, when they are other tables by now. */
  boolean restore(Connection connection) throws SQLException {
    if (!structure(connection).equals(structure)) {
      return false;
    }
    for (var table : rows.entrySet()) {
      var name = table.getKey();
      if (numbering.contains(name) || !rowsOf(connection, name).equals(table.getValue())) {
        execute(connection, "TRUNCATE TABLE " + name);
        insert(connection, name, table.getValue());
      }
    }
    return true;
  }

  private static Set<List<String>> structure(Connection connection) throws SQLException {
    var structure = new HashSet<List<String>>();
    for (var part : STRUCTURE) {
      structure.addAll(query(connection, part));
    }
    return structure;
  }

  private static List<List<String>> rowsOf(Connection connection, String table)
      throws SQLException {
    // One more than are left tells that there are others; tests may have made many.
    return query(connection, "SELECT * FROM " + table + " LIMIT 100");
  }

  private static void insert(Connection connection, String table, List<List<String>> rows)
      throws SQLException {
    for (var row : rows) {
      var places = String.join(", ", Collections.nCopies(row.size(), "?"));
      try (var insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (" + places + ")")) {
        for (int i = 0; i < row.size(); i++) {
          insert.setString(i + 1, row.get(i));
        }
        insert.executeUpdate();
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<List<String>> query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      int columns = found.getMetaData().getColumnCount();
      var rows = new ArrayList<List<String>>();
      while (found.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
