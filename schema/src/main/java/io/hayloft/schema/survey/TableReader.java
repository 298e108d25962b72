package io.hayloft.schema.survey;

import io.hayloft.schema.survey.Table.Column;
import io.hayloft.schema.survey.Table.Index;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what the server says of the tables. */
final class TableReader {

  private static final String OF_OURS = " WHERE table_schema = DATABASE()";

  private TableReader() {}

  private record ColumnOf(String table, Column column) {}

  private record Part(String table, String index, boolean unique, String column) {}

  static Map<String, Table> read(Queries queries) throws SQLException {
    var columns = new LinkedHashMap<String, Map<String, Column>>();
    queries
        .list(
            row ->
                new ColumnOf(
                    name(row.getString(1)),
                    new Column(
                        name(row.getString(2)),
                        name(row.getString(3)),
                        row.getString(4),
                        Queries.text(row, 5),
                        Queries.text(row, 6),
                        Queries.text(row, 7).contains("auto_increment"))),
            "SELECT table_name, column_name, data_type, column_type, character_set_name,"
                + " collation_name, extra FROM information_schema.columns"
                + OF_OURS)
        .forEach(
            each ->
                columns
                    .computeIfAbsent(each.table(), table -> new LinkedHashMap<>())
                    .put(each.column().name(), each.column()));
    var indexes = indexes(queries);
    var tables = new LinkedHashMap<String, Table>();
    queries
        .list(
            row -> {
              var name = name(row.getString(1));
              return new Table(
                  name,
                  Queries.text(row, 2),
                  columns.getOrDefault(name, Map.of()),
                  indexes.getOrDefault(name, List.of()),
                  row.getLong(3));
            },
            "SELECT table_name, engine, table_rows FROM information_schema.tables" + OF_OURS)
        .forEach(table -> tables.put(table.name(), table));
    return tables;
  }

  private static Map<String, List<Index>> indexes(Queries queries) throws SQLException {
    var parts = new LinkedHashMap<String, List<Part>>();
    queries
        .list(
            row ->
                new Part(
                    name(row.getString(1)),
                    row.getString(2),
                    row.getInt(3) == 0,
                    name(Queries.text(row, 4))),
            "SELECT table_name, index_name, non_unique, column_name"
                + " FROM information_schema.statistics"
                + OF_OURS
                + " ORDER BY table_name, index_name, seq_in_index")
        .forEach(
            part ->
                parts
                    .computeIfAbsent(part.table() + "/" + part.index(), key -> new ArrayList<>())
                    .add(part));
    var indexes = new LinkedHashMap<String, List<Index>>();
    parts
        .values()
        .forEach(
            each ->
                indexes
                    .computeIfAbsent(each.getFirst().table(), table -> new ArrayList<>())
                    .add(
                        new Index(
                            each.getFirst().unique(), each.stream().map(Part::column).toList())));
    return indexes;
  }

  private static String name(String written) {
    return written.toLowerCase(Locale.ROOT);
  }
}
