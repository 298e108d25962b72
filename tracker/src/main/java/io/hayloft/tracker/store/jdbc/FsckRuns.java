package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What transactions about a check write into the rows of its runs. There is at most one run without
 * an end: the newest. Whoever writes there has locked the settings, or writes one statement.
 */
final class FsckRuns {

  /** How many lost files are kept by name, of each run. */
  private static final int MOST_LOST = 10_000;

  private static final int KEPT_DAYS = 400;

  /** What is still queued after that time was not answered for. */
  private static final int SETTLING_SECONDS = 3600;

  private static final String NEWEST = " ORDER BY run DESC LIMIT 1";
  private static final String OPEN = " WHERE ended = 0";

  private FsckRuns() {}

  /** Opens a run; one that was not closed yet is, as it stands. */
  static void begin(Session session, String askedBy, String host, String terms, Span span)
      throws SQLException {
    close(session, "stopped");
    session.update(
        "DELETE FROM hayloft_fsck_lost WHERE run IN (SELECT run FROM hayloft_fsck_run"
            + " WHERE started < UNIX_TIMESTAMP() - ?)",
        KEPT_DAYS * 86_400L);
    session.update(
        "DELETE FROM hayloft_fsck_run WHERE started < UNIX_TIMESTAMP() - ?", KEPT_DAYS * 86_400L);
    session.update(
        "INSERT INTO hayloft_fsck_run (asked_by, host, terms, started, first_fid, last_fid,"
            + " counted_log) VALUES (?, ?, ?, UNIX_TIMESTAMP(), ?, ?, ?)",
        askedBy,
        host,
        terms,
        span.position(),
        span.end(),
        FsckCounts.newest(session));
  }

  /**
   * What earlier runs could not look at, and are queued for ever since, a run over everything comes
   * to by itself; if it did not, they would be its own stalled files, too. Doubts of a content
   * stay.
   */
  static void forgetStalled(Session session) throws SQLException {
    session.update("DELETE FROM file_to_queue WHERE type = 1 AND failcount > 0 AND devid IS NULL");
  }

  /** The fids that are to be looked at. */
  record Span(long position, long end) {}

  /** The end was reached, or somebody ended it; what is queued is still looked at. */
  static void scanned(Session session, String outcome) throws SQLException {
    session.update(
        "UPDATE hayloft_fsck_run SET outcome = ?, scanned = UNIX_TIMESTAMP()"
            + OPEN
            + " AND outcome IS NULL",
        outcome);
  }

  static void takenOver(Session session, String host) throws SQLException {
    session.update(
        "UPDATE hayloft_fsck_run SET host = ?, takeovers = takeovers + 1"
            + OPEN
            + " AND outcome IS NULL",
        host);
  }

  /** Files that were checked after all, of whichever run queued them. */
  static void checked(Session session, int files) throws SQLException {
    session.update("UPDATE hayloft_fsck_run SET checked = checked + ?" + NEWEST, files);
  }

  /** Notes a file without any good copy, by its name. */
  static void lost(Session session, Fid fid) throws SQLException {
    session.update("UPDATE hayloft_fsck_run SET lost = lost + 1" + NEWEST);
    var run =
        session.one(
            row -> Map.entry(row.number(1), row.number(2)),
            "SELECT run, lost FROM hayloft_fsck_run" + NEWEST);
    if (run.isEmpty() || run.get().getValue() > MOST_LOST) {
      return;
    }
    var name =
        session.one(
            row -> Map.entry(row.text(1), row.text(2)),
            "SELECT d.namespace, f.dkey FROM file f LEFT JOIN domain d ON d.dmid = f.dmid"
                + " WHERE f.fid = ?",
            fid);
    if (name.isPresent()) {
      session.update(
          "INSERT INTO hayloft_fsck_lost (run, fid, namespace, dkey) VALUES (?, ?, ?, ?)"
              + " ON DUPLICATE KEY UPDATE fid = fid",
          run.get().getKey(),
          fid,
          name.get().getKey(),
          name.get().getValue());
    }
  }

  /** Closes the run that is over when its queue is worked off, or has been tried long enough. */
  static void settle(Session session) throws SQLException {
    boolean over =
        session.exists(
            "SELECT 1 FROM hayloft_fsck_run"
                + OPEN
                + " AND outcome IS NOT NULL AND (scanned < UNIX_TIMESTAMP() - ? OR NOT EXISTS"
                + " (SELECT 1 FROM file_to_queue WHERE type = 1 AND failcount = 0))",
            SETTLING_SECONDS);
    if (over) {
      close(session, "finished");
    }
  }

  private static void close(Session session, String outcome) throws SQLException {
    if (!session.exists("SELECT 1 FROM hayloft_fsck_run" + OPEN + " LIMIT 1")) {
      return;
    }
    keepEvents(session);
    session.update(
        "UPDATE hayloft_fsck_run SET outcome = COALESCE(outcome, ?), ended = UNIX_TIMESTAMP(),"
            + " scanned = IF(scanned = 0, UNIX_TIMESTAMP(), scanned), stalled = stalled +"
            + " (SELECT COUNT(*) FROM file_to_queue WHERE type = 1)"
            + OPEN,
        outcome);
  }

  /** Counts the events so far into the row, for when the log is emptied or goes on without it. */
  static void keepEvents(Session session) throws SQLException {
    var rows =
        session.list(
            row -> new Counted(row.number(1), row.number(2), row.text(3)),
            "SELECT run, counted_log, events FROM hayloft_fsck_run" + OPEN + " FOR UPDATE");
    for (var row : rows) {
      long newest = FsckCounts.newest(session);
      session.update(
          "UPDATE hayloft_fsck_run SET events = ?, counted_log = ? WHERE run = ?",
          text(events(session, row.log(), row.events())),
          newest,
          row.run());
    }
  }

  private record Counted(long run, long log, String events) {}

  /** What was counted into the row and what came since. */
  static SortedMap<String, Long> events(Session session, long countedLog, String kept)
      throws SQLException {
    var events = parse(kept);
    session
        .list(
            row -> Map.entry(row.text(1), row.number(2)),
            "SELECT evcode, COUNT(*) FROM fsck_log WHERE logid > ? AND evcode IS NOT NULL"
                + " GROUP BY evcode",
            countedLog)
        .forEach(each -> events.merge(each.getKey(), each.getValue(), Long::sum));
    return events;
  }

  /** Counts as a row keeps them: {@code MISS=3 REPL=3}. */
  static SortedMap<String, Long> parse(String kept) {
    var events = new TreeMap<String, Long>();
    for (var word : kept.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        events.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
      }
    }
    return events;
  }

  private static String text(Map<String, Long> events) {
    return events.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }
}
