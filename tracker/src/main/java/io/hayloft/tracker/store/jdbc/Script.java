package io.hayloft.tracker.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are sent together, so that one answer is waited for and not one for each. The
 * server carries them out one after the other, and none after one that fails.
 *
 * <p>They are sent as text, with their values in it. Nothing in it is ever escaped: a text is put
 * between quotes when it is made of letters, digits and a few more, and written as the numbers of
 * its bytes when there is anything else in it.
 */
final class Script {

  private static final String BETWEEN = "; ";
  private static final String HARMLESS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$&()*+,-./:<=>@[]^_|~";

  private static final boolean[] IS_HARMLESS = new boolean[1 << Byte.SIZE];

  static {
    HARMLESS.chars().forEach(c -> IS_HARMLESS[c] = true);
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder name = new StringBuilder();
  private final List<Step<?>> steps = new ArrayList<>();

  /** What came of a statement, once it has been carried out. */
  static final class Step<T> {

    private final Ending<T> ending;
    private @Nullable T outcome;

    private Step(Ending<T> ending) {
      this.ending = ending;
    }

    T outcome() {
      if (outcome == null) {
        throw new IllegalStateException("a statement that was not carried out");
      }
      return outcome;
    }

    private void end(Statement statement) throws SQLException {
      outcome = ending.of(statement);
    }
  }

  @FunctionalInterface
  private interface Ending<T> {
    T of(Statement statement) throws SQLException;
  }

  /** A statement without values; what it found or changed is nobody's concern. */
  Script add(String sql) {
    var _ = step(sql, "", List.of(), Statement::getUpdateCount);
    return this;
  }

  /**
   * A statement that changes rows.
   *
   * @param sql with {@link Session#MANY} where the rows of values belong
   * @param row one row's expressions: {@code (?, ?, 0)}
   * @return how many rows it found
   */
  Step<Integer> update(String sql, String row, List<List<Object>> rows) {
    return step(sql, row, rows, Statement::getUpdateCount);
  }

  /** As {@link #update}, unless there are no rows; how many it found is nobody's concern. */
  Script addEach(String sql, String row, List<List<Object>> rows) {
    if (!rows.isEmpty()) {
      var _ = update(sql, row, rows);
    }
    return this;
  }

  /** A query without values. */
  <T> Step<List<T>> list(Row.Reader<T> reader, String sql) {
    return list(reader, sql, "", List.of());
  }

  /** A query with values as in {@link #update}. */
  <T> Step<List<T>> list(Row.Reader<T> reader, String sql, String row, List<List<Object>> rows) {
    return step(sql, row, rows, statement -> read(statement, reader));
  }

  private static <T> List<T> read(Statement statement, Row.Reader<T> reader) throws SQLException {
    var read = new ArrayList<T>();
    try (ResultSet results = requireNonNull(statement.getResultSet())) {
      var row = new Row(results);
      while (results.next()) {
        read.add(reader.read(row));
      }
    }
    return read;
  }

  private <T> Step<T> step(String sql, String row, List<List<Object>> rows, Ending<T> ending) {
    if (!steps.isEmpty()) {
      text.append(BETWEEN);
      name.append(BETWEEN);
    }
    name.append(sql);
    int many = sql.indexOf(Session.MANY);
    if (many < 0) {
      text.append(sql);
    } else {
      text.append(sql, 0, many);
      for (int i = 0; i < rows.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        append(row, rows.get(i));
      }
      text.append(sql, many + Session.MANY.length(), sql.length());
    }
    var step = new Step<>(ending);
    steps.add(step);
    return step;
  }

  private void append(String row, List<Object> values) {
    int next = 0;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (c == '?') {
        append(values.get(next++));
      } else {
        text.append(c);
      }
    }
    if (next != values.size()) {
      throw new IllegalStateException("%d values for %s".formatted(values.size(), row));
    }
  }

  private void append(Object value) {
    switch (value) {
      case Fid fid -> text.append(fid.value());
      case DeviceId device -> text.append(device.value());
      case DomainId domain -> text.append(domain.value());
      case ClassId fileClass -> text.append(fileClass.value());
      case Long number -> text.append(number.longValue());
      case Integer number -> text.append(number.intValue());
      case Key key -> append(key.wire());
      case String string -> append(string);
      case byte[] bytes -> text.append("x'").append(HexFormat.of().formatHex(bytes)).append('\'');
      default -> throw new IllegalStateException("not a value: " + value.getClass());
    }
  }

  /** One char is one byte, as on all connections. */
  private void append(String string) {
    if (isHarmless(string)) {
      text.append('\'').append(string).append('\'');
    } else {
      text.append("_latin1 x'")
          .append(HexFormat.of().formatHex(string.getBytes(ISO_8859_1)))
          .append('\'');
    }
  }

  private static boolean isHarmless(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c >= IS_HARMLESS.length || !IS_HARMLESS[c]) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Both, the others after these. */
  Script then(Script others) {
    if (!isEmpty() && !others.isEmpty()) {
      text.append(BETWEEN);
      name.append(BETWEEN);
    }
    text.append(others.text);
    name.append(others.name);
    steps.addAll(others.steps);
    return this;
  }

  /** The statements without their values. */
  String name() {
    return name.toString();
  }

  /** The statements as they are sent. */
  String text() {
    return text.toString();
  }

  /** Has them carried out; all of them were, unless it fails. */
  void carryOut(Statement statement) throws SQLException {
    statement.setEscapeProcessing(false);
    statement.execute(text());
    for (int i = 0; i < steps.size(); i++) {
      if (i > 0) {
        statement.getMoreResults();
      }
      steps.get(i).end(statement);
    }
  }
}
