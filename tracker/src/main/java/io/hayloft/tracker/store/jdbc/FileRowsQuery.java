package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.FileRows;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what all tables say about one fid. */
final class FileRowsQuery {

  private static final List<String> TEMPFILE = List.of("classid", "dmid", "dkey", "devids");
  private static final List<String> REPLICATE =
      List.of("fid", "nexttry", "fromdevid", "failcount", "flags");
  private static final List<String> DELETE = List.of("fid", "nexttry", "failcount");
  private static final List<String> QUEUE =
      List.of("fid", "devid", "type", "nexttry", "failcount", "flags", "arg");

  /** The types of rows in file_to_queue. */
  private static final int FSCK = 1;

  private static final int REBALANCE = 2;

  private FileRowsQuery() {}

  static FileRows rows(Session session, Fid fid) throws SQLException {
    var groups = new LinkedHashMap<String, Map<String, String>>();
    row(session, TEMPFILE, "tempfile WHERE fid = ?", fid)
        .ifPresent(row -> groups.put("tempfile", row));
    row(session, REPLICATE, "file_to_replicate WHERE fid = ?", fid)
        .ifPresent(row -> groups.put("replqueue", row));
    row(session, DELETE, "file_to_delete2 WHERE fid = ?", fid)
        .ifPresent(row -> groups.put("delqueue", row));
    row(session, QUEUE, "file_to_queue WHERE fid = ? AND type = ?", fid, REBALANCE)
        .ifPresent(row -> groups.put("rebqueue", row));
    row(session, QUEUE, "file_to_queue WHERE fid = ? AND type = ?", fid, FSCK)
        .ifPresent(row -> groups.put("fsckqueue", row));
    var devices =
        session.list(
            row -> row.device(1), "SELECT devid FROM file_on WHERE fid = ? ORDER BY devid", fid);
    var checksum =
        session
            .one(
                row -> JdbcFileStore.checksum(row, 1),
                "SELECT hashtype, checksum FROM checksum WHERE fid = ?",
                fid)
            .orElse(Optional.<Checksum>empty());
    return new FileRows(groups, devices, checksum);
  }

  private static Optional<Map<String, String>> row(
      Session session, List<String> columns, String from, Object... values) throws SQLException {
    return session.one(
        row -> {
          var read = new LinkedHashMap<String, String>();
          for (int column = 0; column < columns.size(); column++) {
            read.put(columns.get(column), row.text(column + 1));
          }
          return read;
        },
        "SELECT CAST(" + String.join(" AS CHAR), CAST(", columns) + " AS CHAR) FROM " + from,
        values);
  }
}
