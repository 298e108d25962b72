package io.hayloft.cli.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of things as aligned columns for people and as an array of objects for programs.
 *
 * @param <T> one row
 */
public final class Table<T> {

  /**
   * @param heading for people
   * @param name the member's name in JSON; empty where people alone see the column
   * @param value as JSON has it
   * @param text as people see it
   */
  private record Column<T>(
      String heading,
      String name,
      Function<T, @Nullable Object> value,
      Function<T, String> text,
      boolean right) {}

  private final List<Column<T>> columns = new ArrayList<>();

  /** A column of words, set left. */
  public Table<T> words(String heading, String name, Function<T, @Nullable Object> value) {
    return add(heading, name, value, row -> plain(value.apply(row)), false);
  }

  /** A column of numbers, set right. */
  public Table<T> numbers(String heading, String name, Function<T, @Nullable Object> value) {
    return add(heading, name, value, row -> plain(value.apply(row)), true);
  }

  /** A column of numbers that people see in another form. */
  public Table<T> numbers(
      String heading, String name, Function<T, @Nullable Object> value, Function<T, String> text) {
    return add(heading, name, value, text, true);
  }

  private Table<T> add(
      String heading,
      String name,
      Function<T, @Nullable Object> value,
      Function<T, String> text,
      boolean right) {
    columns.add(new Column<>(heading, name, value, text, right));
    return this;
  }

  private static String plain(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  /** The rows as objects, in the order given. */
  public List<Map<String, @Nullable Object>> json(List<T> rows) {
    var objects = new ArrayList<Map<String, @Nullable Object>>(rows.size());
    for (var row : rows) {
      var members = new LinkedHashMap<String, @Nullable Object>();
      for (var column : columns) {
        if (!column.name().isEmpty()) {
          members.put(column.name(), column.value().apply(row));
        }
      }
      objects.add(members);
    }
    return objects;
  }

  /** The heading, a rule, and one line for each row; no blanks at the ends of lines. */
  public List<String> lines(List<T> rows) {
    var cells = new ArrayList<List<String>>();
    cells.add(columns.stream().map(Column::heading).toList());
    for (var row : rows) {
      cells.add(columns.stream().map(column -> column.text().apply(row)).toList());
    }
    var widths = new int[columns.size()];
    for (var line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    var lines = new ArrayList<String>();
    cells.forEach(line -> lines.add(aligned(line, widths)));
    var rule = new ArrayList<String>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    lines.add(1, aligned(rule, widths));
    return lines;
  }

  private String aligned(List<String> cells, int[] widths) {
    var out = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      var pad = " ".repeat(widths[i] - cells.get(i).length());
      out.append(i == 0 ? "" : "  ");
      out.append(columns.get(i).right() ? pad + cells.get(i) : cells.get(i) + pad);
    }
    return out.toString().stripTrailing();
  }

  /** Writes the rows in the form that was asked for. */
  public void show(Terminal terminal, boolean asJson, List<T> rows) {
    if (asJson) {
      terminal.line(Json.text(json(rows)));
    } else {
      lines(rows).forEach(terminal::line);
    }
  }
}
