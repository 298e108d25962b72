package io.hayloft.bench.database;

import io.hayloft.embedded.EmbeddedDatabase;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The database of an installation that is measured. Looks into the tables past the tracker, with
 * questions that cost little, and writes rows in bulk as the tracker would have written them.
 *
 * <p>One thread at a time may ask.
 */
public final class BenchDatabase implements AutoCloseable {

  public static final String USER = EmbeddedDatabase.USER;
  public static final String PASSWORD = EmbeddedDatabase.PASSWORD;

  private static final String NAME = "hayloft";
  private static final int ROWS = 1000;

  private final EmbeddedDatabase server;
  private Optional<Connection> connection = Optional.empty();

  private BenchDatabase(EmbeddedDatabase server) {
    this.server = server;
  }

  /**
   * A file as rows know it.
   *
   * @param isQueued whether it waits to be replicated
   */
  public record Laid(Fid fid, String key, long length, List<DeviceId> devices, boolean isQueued) {}

  public static BenchDatabase start(Path data, List<String> options) {
    return new BenchDatabase(EmbeddedDatabase.start(data, 0, options));
  }

  public String url() {
    return server.jdbcUrl(NAME);
  }

  public long pid() {
    return server.pid();
  }

  /** The first of so many fids that no upload will get any more. */
  public long reserveFids(long count) {
    long from = nextFid();
    update("ALTER TABLE tempfile AUTO_INCREMENT = " + (from + count));
    return from;
  }

  private long nextFid() {
    long first =
        1
            + number(
                "SELECT GREATEST(COALESCE((SELECT MAX(fid) FROM file), 0),"
                    + " COALESCE((SELECT MAX(fid) FROM tempfile), 0))");
    long sequence =
        number(
            "SELECT AUTO_INCREMENT FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'tempfile'");
    return Math.max(first, sequence);
  }

  /** The numbers of a class and its domain. */
  public record Place(int domain, int fileClass) {}

  public Place place(String domain, String fileClass) {
    long dmid = number("SELECT dmid FROM domain WHERE namespace = '" + domain + "'");
    long classid =
        number(
            "SELECT classid FROM class WHERE dmid = "
                + dmid
                + " AND classname = '"
                + fileClass
                + "'");
    return new Place(Math.toIntExact(dmid), Math.toIntExact(classid));
  }

  /** Records files of the class that keeps two copies. */
  public void lay(List<Laid> files, String domain, String fileClass) {
    var place = place(domain, fileClass);
    for (int from = 0; from < files.size(); from += ROWS) {
      layRows(
          files.subList(from, Math.min(files.size(), from + ROWS)),
          place.domain(),
          place.fileClass());
    }
  }

  private void layRows(List<Laid> files, long dmid, long classid) {
    update("START TRANSACTION");
    update(
        "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES "
            + rows(
                files,
                each ->
                    List.of(
                        "(%s,%d,'%s',%d,%d,%d)"
                            .formatted(
                                each.fid(),
                                dmid,
                                each.key(),
                                each.length(),
                                classid,
                                each.devices().size()))));
    update(
        "INSERT INTO file_on (fid, devid) VALUES "
            + rows(
                files,
                each ->
                    each.devices().stream()
                        .map(device -> "(%s,%s)".formatted(each.fid(), device))
                        .toList()));
    var queued = files.stream().filter(Laid::isQueued).toList();
    if (!queued.isEmpty()) {
      update(
          "INSERT INTO file_to_replicate (fid, nexttry) VALUES "
              + rows(queued, each -> List.of("(%s,0)".formatted(each.fid()))));
    }
    update("COMMIT");
  }

  /** The rows of one file. */
  @FunctionalInterface
  private interface Rows {
    List<String> of(Laid file);
  }

  private static String rows(List<Laid> files, Rows rows) {
    return files.stream().flatMap(each -> rows.of(each).stream()).collect(Collectors.joining(","));
  }

  /** Takes all files off the tables, whatever is on the disks; for the next run to begin alike. */
  public void forgetFiles() {
    for (var table :
        List.of(
            "file",
            "file_on",
            "file_to_replicate",
            "file_to_delete2",
            "file_to_queue",
            "checksum")) {
      update("TRUNCATE TABLE " + table);
    }
  }

  /** Forgets which files wait for jobs; for measuring without jobs. */
  public void forgetQueues() {
    for (var table : List.of("file_to_replicate", "file_to_delete2", "file_to_queue")) {
      update("TRUNCATE TABLE " + table);
    }
  }

  /** Forgets uploads that were begun; none of their numbers is given out again. */
  public void forgetUploads() {
    long next = nextFid();
    update("TRUNCATE TABLE tempfile");
    update("ALTER TABLE tempfile AUTO_INCREMENT = " + next);
  }

  public boolean isReplicationQueueEmpty() {
    return isEmpty("file_to_replicate");
  }

  public boolean isDeletionQueueEmpty() {
    return isEmpty("file_to_delete2");
  }

  /** Whether no file waits to be checked or moved. */
  public boolean isUpkeepQueueEmpty() {
    return isEmpty("file_to_queue");
  }

  private boolean isEmpty(String table) {
    return number("SELECT EXISTS (SELECT 1 FROM " + table + ")") == 0;
  }

  public boolean isAnythingOn(Collection<DeviceId> devices) {
    return number("SELECT EXISTS (SELECT 1 FROM file_on WHERE devid IN (" + list(devices) + "))")
        == 1;
  }

  public long copiesOn(Collection<DeviceId> devices) {
    return number("SELECT COUNT(*) FROM file_on WHERE devid IN (" + list(devices) + ")");
  }

  public long copies() {
    return number("SELECT COUNT(*) FROM file_on");
  }

  public long files() {
    return number("SELECT COUNT(*) FROM file");
  }

  /** The greatest number that a file has; 0 when there is none. */
  public long lastFid() {
    return number("SELECT COALESCE(MAX(fid), 0) FROM file");
  }

  /** How many files have greater numbers: cheap, however many there are below. */
  public long filesAbove(long fid) {
    return number("SELECT COUNT(*) FROM file WHERE fid > " + fid);
  }

  /** Files with another number of copies than this one. */
  public long filesWithOtherCopies(int copies) {
    return number(
        "SELECT COUNT(*) FROM (SELECT f.fid, COUNT(o.devid) AS n FROM file f"
            + " LEFT JOIN file_on o ON o.fid = f.fid GROUP BY f.fid) counted WHERE n <> "
            + copies);
  }

  /** Where files are. */
  public List<DeviceId> devicesOf(Fid fid) {
    return query("SELECT devid FROM file_on WHERE fid = " + fid).stream()
        .map(device -> new DeviceId(device.intValue()))
        .toList();
  }

  /** Those of some files that have two copies or more. */
  public Set<Fid> withTwoCopies(Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return Set.of();
    }
    var found = new HashSet<Fid>();
    query(
            "SELECT fid FROM file_on WHERE fid IN ("
                + list(fids)
                + ") GROUP BY fid HAVING COUNT(*) >= 2")
        .forEach(fid -> found.add(new Fid(fid)));
    return found;
  }

  /** Whether the tracker keeps a value under a name in its settings. */
  public boolean hasSetting(String field) {
    return number("SELECT EXISTS (SELECT 1 FROM server_settings WHERE field = '" + field + "')")
        == 1;
  }

  /** How many statements the server has been sent so far. */
  public long statements() {
    return number(
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            + " WHERE VARIABLE_NAME = 'QUESTIONS'");
  }

  private static String list(Collection<?> numbers) {
    return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  long number(String sql) {
    var rows = query(sql);
    if (rows.size() != 1) {
      throw new IllegalStateException(sql + " → " + rows.size() + " rows");
    }
    return rows.getFirst();
  }

  List<Long> query(String sql) {
    try (var statement = open().createStatement();
        var rows = statement.executeQuery(sql)) {
      var numbers = new ArrayList<Long>();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void update(String sql) {
    try (var statement = open().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql.substring(0, Math.min(200, sql.length())), e);
    }
  }

  Connection open() throws SQLException {
    if (connection.isEmpty()) {
      connection = Optional.of(DriverManager.getConnection(url(), USER, PASSWORD));
    }
    return connection.get();
  }

  @Override
  public void close() {
    try {
      if (connection.isPresent()) {
        connection.get().close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      server.close();
    }
  }
}
