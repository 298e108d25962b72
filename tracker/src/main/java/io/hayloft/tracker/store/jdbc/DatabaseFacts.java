package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is true of one database for as long as it is used, read from it on first use.
 *
 * @param keysAreBytes whether keys compare byte by byte; otherwise by some collation, as in tables
 *     that the original made
 * @param skipsLocked whether the server knows SKIP LOCKED
 * @param indexes what they are called
 * @param highestFid the highest fid in use when it was read, apart from open uploads
 */
record DatabaseFacts(boolean keysAreBytes, boolean skipsLocked, Indexes indexes, long highestFid) {

  private static final Logger log = LoggerFactory.getLogger(DatabaseFacts.class);

  /**
   * The indexes that a query must walk along: a server that sorts instead would read the whole
   * table for a page, and lock the whole queue for a claim. They are called otherwise in some
   * databases, so their names are looked up; where one is missing there is nothing to say.
   *
   * @param keys of the keys of a domain
   * @param replicate of the times of the replication queue
   * @param delete of the times of the deletion queue
   * @param todo of the times of the queue of checks and moves
   */
  record Indexes(String keys, String replicate, String delete, String todo) {

    private static Indexes read(Session session) throws SQLException {
      return new Indexes(
          hint(session, "file", "dkey", 2),
          hint(session, "file_to_replicate", "nexttry", 1),
          hint(session, "file_to_delete2", "nexttry", 1),
          hint(session, "file_to_queue", "nexttry", 2));
    }

    private static String hint(Session session, String table, String column, int position)
        throws SQLException {
      return session
          .one(
              row -> row.text(1),
              "SELECT index_name FROM information_schema.statistics"
                  + " WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?"
                  + " AND seq_in_index = ?",
              table,
              column,
              position)
          .map(name -> " FORCE INDEX (`" + name.replace("`", "``") + "`)")
          .orElse("");
    }
  }

  /** How a queue's rows are locked. Without skipping, those who claim wait for one another. */
  String forUpdate() {
    return skipsLocked ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE";
  }

  /** Reads the facts once, when they are first asked for. */
  static final class Lazy {

    private final AtomicReference<@Nullable DatabaseFacts> known = new AtomicReference<>();

    DatabaseFacts of(Session session) throws SQLException {
      var facts = known.get();
      if (facts != null) {
        return facts;
      }
      var read = read(session);
      known.set(read);
      log.info("{}", read);
      return read;
    }
  }

  private static DatabaseFacts read(Session session) throws SQLException {
    boolean bytes =
        session.exists(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()"
                + " AND table_name = 'file' AND column_name = 'dkey'"
                + " AND data_type IN ('varbinary', 'binary', 'blob')");
    var version = session.one(row -> row.text(1), "SELECT VERSION()").orElse("");
    return new DatabaseFacts(
        bytes, skipsLocked(version), Indexes.read(session), highestFid(session));
  }

  /** MariaDB since 10.6, MySQL since 8.0; some servers of the former begin with 5.5.5-. */
  static boolean skipsLocked(String version) {
    boolean maria = version.toLowerCase(java.util.Locale.ROOT).contains("mariadb");
    var parts = version.replaceFirst("^5\\.5\\.5-", "").split("[.-]", -1);
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,4}") || !parts[1].matches("[0-9]{1,4}")) {
      return false;
    }
    int major = Integer.parseInt(parts[0]);
    int minor = Integer.parseInt(parts[1]);
    return maria ? major > 10 || (major == 10 && minor >= 6) : major >= 8;
  }

  static long highestFid(Session session) throws SQLException {
    return session
        .one(
            row -> row.number(1),
            "SELECT GREATEST("
                + "(SELECT COALESCE(MAX(fid), 0) FROM file),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_on),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_to_delete2),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_to_replicate),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_to_queue),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_to_delete),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM file_to_delete_later),"
                + "(SELECT COALESCE(MAX(fid), 0) FROM checksum))")
        .orElse(0L);
  }
}
