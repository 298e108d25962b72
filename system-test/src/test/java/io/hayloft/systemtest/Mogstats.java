package io.hayloft.systemtest;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the tables what the original's statistics tool asks them, and says what does not add up. The
 * tool reads the database directly, so the tables must go on meaning the same.
 */
final class Mogstats {

  private static final String DEVICES =
      """
      SELECT d.devid, h.hostname, COUNT(o.fid), d.status FROM device d
        LEFT JOIN host h ON h.hostid = d.hostid LEFT JOIN file_on o ON o.devid = d.devid
        GROUP BY d.devid, h.hostname, d.status ORDER BY d.devid\
      """;
  private static final String FIDS = "SELECT MAX(fid) FROM file";
  private static final String FILES =
      """
      SELECT d.namespace, COALESCE(c.classname, 'default'), COUNT(*), SUM(f.length),
        SUM(f.length * f.devcount) FROM file f JOIN domain d ON d.dmid = f.dmid
        LEFT JOIN class c ON c.dmid = f.dmid AND c.classid = f.classid
        GROUP BY d.namespace, c.classname\
      """;
  private static final String DOMAINS =
      """
      SELECT d.namespace, COUNT(*) FROM domain d JOIN file f ON f.dmid = d.dmid
        GROUP BY d.namespace\
      """;
  private static final String REPLICATION =
      """
      SELECT d.namespace, COALESCE(c.classname, 'default'), f.devcount, COUNT(*) FROM file f
        JOIN domain d ON d.dmid = f.dmid
        LEFT JOIN class c ON c.dmid = f.dmid AND c.classid = f.classid
        GROUP BY d.namespace, c.classname, f.devcount\
      """;
  private static final String QUEUE =
      """
      SELECT CASE WHEN nexttry = 0 THEN 'newfile' WHEN nexttry = 1 THEN 'redo'
          WHEN nexttry = 2147483647 THEN 'manual' WHEN nexttry < UNIX_TIMESTAMP() THEN 'overdue'
          ELSE 'deferred' END AS state, COUNT(*) FROM %s GROUP BY state\
      """;
  private static final String GENERAL =
      """
      SELECT CASE type WHEN 1 THEN 'FSCK_QUEUE' WHEN 2 THEN 'REBAL_QUEUE' ELSE 'unknown' END AS kind,
        COUNT(*) FROM file_to_queue GROUP BY kind\
      """;

  private final OldInstallation installation;
  private final List<String> problems = new ArrayList<>();

  Mogstats(OldInstallation installation) {
    this.installation = installation;
  }

  List<String> problems() throws SQLException {
    long files = number("SELECT COUNT(*) FROM file");
    expect("devices", installation.query(DEVICES).size(), 4);
    expect("copies", sum(DEVICES, 2), number("SELECT COUNT(*) FROM file_on"));
    expect("fids", Math.min(number(FIDS), 2000), 2000);
    expect("files", sum(FILES, 2), files);
    expect("bytes", sum(FILES, 3), number("SELECT SUM(length) FROM file"));
    expect("domains", sum(DOMAINS, 1), files);
    expect("replication", sum(REPLICATION, 3), files);
    expect(
        "devcount that is not the number of copies",
        number(
            "SELECT COUNT(*) FROM file f WHERE devcount <>"
                + " (SELECT COUNT(*) FROM file_on o WHERE o.fid = f.fid)"),
        0);
    for (var table : List.of("file_to_replicate", "file_to_delete2")) {
      expect(table, sum(QUEUE.formatted(table), 1), number("SELECT COUNT(*) FROM " + table));
    }
    if (installation.query(QUEUE.formatted("file_to_replicate")).stream()
        .noneMatch("manual 1"::equals)) {
      problems.add("the row that was given up is not shown as manual");
    }
    if (installation.query(GENERAL).stream().anyMatch(row -> row.startsWith("unknown"))) {
      problems.add("a queue of an unknown type");
    }
    return problems;
  }

  private void expect(String what, long found, long expected) {
    if (found != expected) {
      problems.add("%s: %d, expected %d".formatted(what, found, expected));
    }
  }

  private long number(String query) throws SQLException {
    return Long.parseLong(installation.query(query).getFirst());
  }

  private long sum(String query, int column) throws SQLException {
    return installation.query(query).stream()
        .mapToLong(row -> Long.parseLong(row.split(" ")[column]))
        .sum();
  }
}
