package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;

/**
 * The deletion queues of older versions of the original. Nothing puts rows into them any more; what
 * a database that was taken over still has there is moved to the queue of today, in portions.
 */
final class LegacyDeletions {

  private static final int PORTION = 500;

  private LegacyDeletions() {}

  static void drain(Session session, DatabaseFacts facts) throws SQLException {
    move(session, "file_to_delete", " ORDER BY fid LIMIT ?" + facts.forUpdate());
    move(
        session,
        "file_to_delete_later",
        " WHERE delafter <= UNIX_TIMESTAMP() ORDER BY delafter LIMIT ?" + facts.forUpdate());
  }

  private static void move(Session session, String table, String which) throws SQLException {
    var fids =
        session.list(row -> row.fid(1), "SELECT fid FROM " + table + which, PORTION).stream()
            .sorted()
            .toList();
    Queues.delete(session, fids);
    session.updateMany("DELETE FROM " + table + " WHERE fid IN (??)", fids);
  }
}
