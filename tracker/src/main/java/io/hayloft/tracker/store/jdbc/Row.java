package io.hayloft.tracker.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;

/** The present row of a result, read as our own values. Columns count from 1. */
record Row(ResultSet rows) {

  /** The columns that {@link #file} reads, of a table called {@code f}. */
  static final String FILE = "f.fid, f.dmid, f.dkey, f.length, f.classid, f.devcount";

  /** How many columns {@link #FILE} is. */
  static final int FILE_COLUMNS = 6;

  /** Makes a value of a row. */
  interface Reader<T> {
    T read(Row row) throws SQLException;
  }

  /** Looks at a row. */
  interface Visitor {
    void visit(Row row) throws SQLException;
  }

  Fid fid(int column) throws SQLException {
    return new Fid(rows.getLong(column));
  }

  DeviceId device(int column) throws SQLException {
    return new DeviceId(rows.getInt(column));
  }

  /** Empty for NULL, and for 0, which is no device. */
  Optional<DeviceId> optionalDevice(int column) throws SQLException {
    int number = rows.getInt(column);
    return number == 0 ? Optional.empty() : Optional.of(new DeviceId(number));
  }

  long number(int column) throws SQLException {
    return rows.getLong(column);
  }

  int small(int column) throws SQLException {
    return rows.getInt(column);
  }

  OptionalInt optionalSmall(int column) throws SQLException {
    int number = rows.getInt(column);
    return rows.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** One char per byte; empty for NULL. */
  String text(int column) throws SQLException {
    return optionalText(column).orElse("");
  }

  Optional<String> optionalText(int column) throws SQLException {
    return bytes(column).map(bytes -> new String(bytes, ISO_8859_1));
  }

  Optional<byte[]> bytes(int column) throws SQLException {
    return Optional.ofNullable(rows.getBytes(column));
  }

  /** The first columns, when they are {@link #FILE}. */
  StoredFile file() throws SQLException {
    var name = new StoredFile.Name(new DomainId(small(2)), new Key(text(3)));
    return new StoredFile(fid(1), name, number(4), new ClassId(small(5)), small(6));
  }
}
