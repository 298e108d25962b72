package io.hayloft.tracker.store.jdbc;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many events of each code there were since the last reset: what settings keep, and what the
 * log has beyond the row up to which they were counted.
 *
 * <p>Rows are counted into the settings only when none with a smaller number can still turn up: of
 * two transactions the one with the smaller number may commit later. That is so when nothing is
 * queued for a check (a row of the queue goes after its events were logged), or when the row is so
 * old that all transactions of its time have ended. Counting at each event instead would make all
 * checks wait for one another at the same few rows.
 */
final class FsckCounts {

  static final String NEWEST = "SELECT COALESCE(MAX(logid), 0) FROM fsck_log";

  private static final String PREFIX = "fsck_sum_evcount_";
  private static final String PROCESSED = "fsck_logid_processed";

  /** Longer than any transaction may take. */
  private static final int SETTLED_SECONDS = 60;

  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final Session session;

  private FsckCounts(Session session) {
    this.session = session;
  }

  /** Brings the settings up to date, as far as the log is complete, and counts the rest. */
  static Map<String, Long> update(Session session) throws SQLException {
    var settings = SettingRows.lock(session, PROCESSED);
    long newest = newest(session);
    long from = from(settings, newest);
    long upTo = isComplete(session) ? newest : settled(session, from);
    var all = new FsckCounts(session);
    all.count(from, upTo);
    all.keep(settings, Math.max(from, upTo));
    all.count(Math.max(from, upTo), newest);
    return all.counts;
  }

  /** Counts all there is, before the log is emptied. */
  static void close(Session session) throws SQLException {
    var settings = SettingRows.lock(session, PROCESSED);
    long newest = newest(session);
    var all = new FsckCounts(session);
    all.count(from(settings, newest), newest);
    all.keep(settings, newest);
  }

  static void forget(Session session) throws SQLException {
    session.update("DELETE FROM server_settings WHERE field LIKE 'fsck\\_sum\\_evcount\\_%'");
  }

  static long newest(Session session) throws SQLException {
    return session.one(row -> row.number(1), NEWEST).orElse(0L);
  }

  /** A database that restarted with an empty log may number its rows from 1 again. */
  private static long from(SettingRows settings, long newest) {
    long processed = settings.number(PROCESSED);
    return newest < processed ? 0 : processed;
  }

  private static boolean isComplete(Session session) throws SQLException {
    return !session.exists("SELECT 1 FROM file_to_queue WHERE type = 1 LIMIT 1");
  }

  private static long settled(Session session, long from) throws SQLException {
    return session
        .one(
            row -> row.number(1),
            "SELECT COALESCE(MAX(logid), 0) FROM fsck_log WHERE logid > ?"
                + " AND utime < UNIX_TIMESTAMP() - "
                + SETTLED_SECONDS,
            from)
        .orElse(0L);
  }

  /** Adds what the log has in that range. */
  private void count(long after, long upTo) throws SQLException {
    session
        .list(
            row -> Map.entry(row.text(1), row.number(2)),
            "SELECT evcode, COUNT(*) FROM fsck_log WHERE logid > ? AND logid <= ?"
                + " AND evcode IS NOT NULL GROUP BY evcode",
            after,
            upTo)
        .forEach(row -> counts.merge(row.getKey(), row.getValue(), Long::sum));
  }

  /** Adds what was counted to the settings; afterwards the counts are those of the settings. */
  private void keep(SettingRows settings, long processed) throws SQLException {
    var counted = Map.copyOf(counts);
    session
        .list(
            row -> Map.entry(row.text(1).substring(PREFIX.length()), row.text(2)),
            "SELECT field, value FROM server_settings"
                + " WHERE field LIKE 'fsck\\_sum\\_evcount\\_%'")
        .stream()
        .filter(row -> row.getValue().matches("[0-9]{1,18}"))
        .forEach(row -> counts.merge(row.getKey(), Long.parseLong(row.getValue()), Long::sum));
    for (var code : counted.keySet()) {
      settings.put(PREFIX + code, counts.getOrDefault(code, 0L));
    }
    if (settings.number(PROCESSED) != processed) {
      settings.put(PROCESSED, processed);
    }
  }
}
