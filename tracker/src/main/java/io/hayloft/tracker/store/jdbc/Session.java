package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.LookupChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Statements on one connection, with our own values as parameters.
 *
 * <p>Statements for many rows are made for a few fixed numbers of rows only, and the last row is
 * repeated to fill them up, so that the database need not keep a plan for every number. They must
 * therefore mean the same when a row is named twice.
 */
final class Session {

  /** Stands, in a statement for many, for the list of parameters. */
  static final String MANY = "??";

  private static final int[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128};
  private static final int LARGEST = SIZES[SIZES.length - 1];

  /**
   * Up to so many rows that must not be named twice there is a statement for every number, which
   * saves those of a few clients further ones.
   */
  private static final int EXACT = 16;

  /** More than these are mostly two statements. */
  private static final int[] INEXACT = {24, 32, 48, 64, 96, 128};

  /** Statements for many as they are sent: some hundred, unless some have numbers in them. */
  private static final Map<Text, String> TEXTS = new ConcurrentHashMap<>();

  private static final int MOST_TEXTS = 1000;

  private record Text(String sql, String row, int rows) {}

  private final Connection connection;
  private final StatementTimes times;
  private final Set<StoredFile.Name> renamed = new HashSet<>();
  private final Set<Fid> moved = new HashSet<>();
  private Script deferred = new Script();
  private boolean rollbackOnly;

  Session(Connection connection, StatementTimes times) {
    this.connection = connection;
    this.times = times;
  }

  /** What is done in this transaction shall not stay, although nothing failed. */
  void rollbackOnly() {
    rollbackOnly = true;
  }

  boolean isRollbackOnly() {
    return rollbackOnly;
  }

  /**
   * A name, as it was stored, stands for another file or none after this transaction. Whoever
   * writes to the table {@code file} says so.
   */
  void renamed(StoredFile.Name name) {
    renamed.add(name);
  }

  /**
   * A file has other locations after this transaction. Whoever writes to the table {@code file_on}
   * says so, unless the fid is no file.
   */
  void moved(Fid fid) {
    moved.add(fid);
  }

  LookupChanges changes() {
    return new LookupChanges(renamed, moved);
  }

  /** A statement without parameters that is not worth preparing. */
  void execute(String sql) throws SQLException {
    run(new Script().add(sql));
  }

  /** Has statements carried out, after those that were left for later. */
  void run(Script script) throws SQLException {
    var all = deferred.then(script);
    deferred = new Script();
    try (var _ = times.begin(all.name());
        var statement = connection.createStatement()) {
      all.carryOut(statement);
    }
  }

  /**
   * Leaves statements for later, whose outcome nobody waits for: they are sent with the next ones,
   * at last with the end of the transaction, and so it is there that they fail.
   */
  void later(Script script) {
    deferred = deferred.then(script);
  }

  /** What was left for later is done now. */
  void flush() throws SQLException {
    if (!deferred.isEmpty()) {
      run(new Script());
    }
  }

  /** What was left for later is not done at all. */
  void forget() {
    deferred = new Script();
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    flush();
    return connection.prepareStatement(sql);
  }

  /** How many rows the statement found, whether or not it changed anything in them. */
  int update(String sql, Object... values) throws SQLException {
    try (var _ = times.begin(sql);
        var statement = prepare(sql)) {
      bind(statement, 1, List.of(values));
      return statement.executeUpdate();
    }
  }

  /**
   * Inserts rows that must not be named twice, in as few statements as there are sizes for.
   *
   * @param sql with {@link #MANY} where the rows belong
   * @param row one row's expressions
   */
  void insertEach(String sql, String row, List<List<Object>> rows) throws SQLException {
    int from = 0;
    while (from < rows.size()) {
      int to = from + largestSize(rows.size() - from);
      update(manyTimes(sql, row, to - from), values(rows.subList(from, to)).toArray());
      from = to;
    }
  }

  /** Inserts a row and tells the number it was given. */
  long insertNumbered(String sql, Object... values) throws SQLException {
    flush();
    try (var _ = times.begin(sql);
        var statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      bind(statement, 1, List.of(values));
      statement.executeUpdate();
      try (var keys = statement.getGeneratedKeys()) {
        if (!keys.next()) {
          throw new IllegalStateException("the database made no numbered row");
        }
        return keys.getLong(1);
      }
    }
  }

  <T> List<T> list(Row.Reader<T> reader, String sql, Object... values) throws SQLException {
    var results = new ArrayList<T>();
    query(results, reader, sql, List.of(values));
    return results;
  }

  /** Shows each row as it comes, for results that are not to become objects. */
  void each(Row.Visitor visitor, String sql, Object... values) throws SQLException {
    try (var _ = times.begin(sql);
        var statement = prepare(sql)) {
      bind(statement, 1, List.of(values));
      try (var rows = statement.executeQuery()) {
        var row = new Row(rows);
        while (rows.next()) {
          visitor.visit(row);
        }
      }
    }
  }

  <T> Optional<T> one(Row.Reader<T> reader, String sql, Object... values) throws SQLException {
    return list(reader, sql, values).stream().findFirst();
  }

  boolean exists(String sql, Object... values) throws SQLException {
    return one(row -> true, sql, values).isPresent();
  }

  /**
   * A query with a list of values, which is its last parameter.
   *
   * @param sql with {@link #MANY} where the list belongs
   */
  <T> List<T> listMany(Row.Reader<T> reader, String sql, Collection<?> many, Object... valuesBefore)
      throws SQLException {
    var results = new ArrayList<T>();
    for (var chunk : chunks(many)) {
      var values = new ArrayList<Object>(List.of(valuesBefore));
      values.addAll(chunk);
      query(results, reader, manyTimes(sql, "?", chunk.size()), values);
    }
    return results;
  }

  /**
   * A query with a list of rows of values, which are its only parameters.
   *
   * @param sql with {@link #MANY} where the list belongs
   * @param row one row's marks: {@code (?, ?)}
   */
  <T> List<T> listRows(Row.Reader<T> reader, String sql, String row, List<List<Object>> rows)
      throws SQLException {
    var results = new ArrayList<T>();
    for (var chunk : chunks(rows)) {
      query(results, reader, manyTimes(sql, row, chunk.size()), values(chunk));
    }
    return results;
  }

  /** As {@link #listMany}, for a statement that changes rows; how many it found. */
  int updateMany(String sql, Collection<?> many, Object... valuesBefore) throws SQLException {
    int found = 0;
    for (var chunk : chunks(many)) {
      var values = new ArrayList<Object>(List.of(valuesBefore));
      values.addAll(chunk);
      found += update(manyTimes(sql, "?", chunk.size()), values.toArray());
    }
    return found;
  }

  /**
   * A statement that changes rows by lists of the same length, the columns of a table: each stands
   * where the next {@link #MANY} is.
   */
  void updateByColumns(String sql, List<List<Object>> columns) throws SQLException {
    for (var some : lines(sql, columns)) {
      update(some.sql(), some.values().toArray());
    }
  }

  /** As {@link #list}, with lists as in {@link #updateByColumns}. */
  <T> List<T> listByColumns(Row.Reader<T> reader, String sql, List<List<Object>> columns)
      throws SQLException {
    var results = new ArrayList<T>();
    for (var some : lines(sql, columns)) {
      query(results, reader, some.sql(), some.values());
    }
    return results;
  }

  private record Line(String sql, List<Object> values) {}

  private static List<Line> lines(String sql, List<List<Object>> columns) {
    var chunked = columns.stream().map(Session::<Object>chunks).toList();
    var lines = new ArrayList<Line>();
    for (int i = 0; i < chunked.getFirst().size(); i++) {
      var values = new ArrayList<Object>();
      for (var column : chunked) {
        values.addAll(column.get(i));
      }
      lines.add(new Line(manyTimes(sql, "?", chunked.getFirst().get(i).size()), values));
    }
    return lines;
  }

  /**
   * Inserts rows.
   *
   * @param sql with {@link #MANY} where the rows belong
   * @param row one row's expressions: {@code (?, ?, 0)}
   */
  void insertMany(String sql, String row, Collection<List<Object>> rows) throws SQLException {
    for (var chunk : chunks(rows)) {
      update(manyTimes(sql, row, chunk.size()), values(chunk).toArray());
    }
  }

  private static List<Object> values(List<List<Object>> rows) {
    var values = new ArrayList<Object>();
    rows.forEach(values::addAll);
    return values;
  }

  /** The same statement for each of many rows, in few round trips. */
  void batch(String sql, Collection<List<Object>> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (var _ = times.begin(sql);
        var statement = prepare(sql)) {
      for (var row : rows) {
        bind(statement, 1, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private <T> void query(List<T> results, Row.Reader<T> reader, String sql, List<?> values)
      throws SQLException {
    try (var _ = times.begin(sql);
        var statement = prepare(sql)) {
      bind(statement, 1, values);
      try (var rows = statement.executeQuery()) {
        var row = new Row(rows);
        while (rows.next()) {
          results.add(reader.read(row));
        }
      }
    }
  }

  private static <T> List<List<T>> chunks(Collection<T> many) {
    var all = List.copyOf(many);
    var chunks = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += LARGEST) {
      var chunk = new ArrayList<>(all.subList(from, Math.min(all.size(), from + LARGEST)));
      int size = fixedSize(chunk.size());
      while (chunk.size() < size) {
        chunk.add(chunk.getLast());
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  private static int fixedSize(int rows) {
    for (int size : SIZES) {
      if (size >= rows) {
        return size;
      }
    }
    throw new IllegalStateException("a chunk of " + rows + " rows");
  }

  /** The greatest number of rows that there are statements for and that is not more than that. */
  private static int largestSize(int rows) {
    int largest = Math.min(rows, EXACT);
    for (int size : INEXACT) {
      largest = size <= rows ? size : largest;
    }
    return largest;
  }

  /** Made once for each statement and size: it would cost as much as the statement itself. */
  private static String manyTimes(String sql, String one, int times) {
    var text = new Text(sql, one, times);
    var known = TEXTS.get(text);
    if (known != null) {
      return known;
    }
    var made = sql.replace(MANY, (one + ", ").repeat(times - 1) + one);
    if (TEXTS.size() < MOST_TEXTS) {
      TEXTS.put(text, made);
    }
    return made;
  }

  private static void bind(PreparedStatement statement, int first, List<?> values)
      throws SQLException {
    int index = first;
    for (var value : values) {
      bindOne(statement, index++, value);
    }
  }

  private static void bindOne(PreparedStatement statement, int index, Object value)
      throws SQLException {
    switch (value) {
      case Fid fid -> statement.setLong(index, fid.value());
      case DeviceId device -> statement.setInt(index, device.value());
      case DomainId domain -> statement.setInt(index, domain.value());
      case ClassId fileClass -> statement.setInt(index, fileClass.value());
      case HostId host -> statement.setInt(index, host.value());
      case Key key -> statement.setString(index, key.wire());
      case String text -> statement.setString(index, text);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case OptionalInt number -> {
        if (number.isPresent()) {
          statement.setInt(index, number.getAsInt());
        } else {
          statement.setNull(index, Types.INTEGER);
        }
      }
      case Optional<?> optional -> {
        if (optional.isPresent()) {
          bindOne(statement, index, optional.get());
        } else {
          statement.setNull(index, Types.VARCHAR);
        }
      }
      default -> throw new IllegalStateException("not a parameter: " + value.getClass());
    }
  }
}
