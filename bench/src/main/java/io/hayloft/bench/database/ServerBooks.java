package io.hayloft.bench.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What the server itself counts: how large tables have become, and what it has been made do. */
public final class ServerBooks {

  /** Beyond this little a server may always write: its books of itself. */
  private static final int SETTLED_PAGES = 100;

  private final BenchDatabase database;

  public ServerBooks(BenchDatabase database) {
    this.database = database;
  }

  /**
   * A table's rows, or one of its further indexes.
   *
   * @param index as the server calls it; {@code PRIMARY} has the rows
   * @param bytes of its pages, those that are reserved and empty included
   */
  public record Part(String table, String index, long bytes) {

    public String name() {
      return index.equals("PRIMARY") ? table : table + "." + index;
    }
  }

  /** Of the tables that grow with files. */
  public List<Part> parts() {
    database.update("ANALYZE TABLE file, file_on, tempfile, checksum, file_to_replicate");
    long page = database.number("SELECT @@innodb_page_size");
    var parts = new ArrayList<Part>();
    try (var statement = database.open().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT table_name, index_name, stat_value FROM mysql.innodb_index_stats"
                    + " WHERE database_name = DATABASE() AND stat_name = 'size'"
                    + " AND table_name IN ('file', 'file_on', 'tempfile', 'checksum',"
                    + " 'file_to_replicate') ORDER BY table_name, index_name = 'PRIMARY' DESC,"
                    + " index_name")) {
      while (rows.next()) {
        parts.add(new Part(rows.getString(1), rows.getString(2), rows.getLong(3) * page));
      }
      return parts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The files in the file system of all tables of this database. */
  public long bytesOnDisk() {
    return database.number(
        "SELECT SUM(FILE_SIZE) FROM information_schema.INNODB_SYS_TABLESPACES"
            + " WHERE NAME LIKE CONCAT(DATABASE(), '/%')");
  }

  /** All that the server counts in whole numbers, by its names. */
  public Map<String, Long> counters() {
    var counters = new LinkedHashMap<String, Long>();
    try (var statement = database.open().createStatement();
        var rows = statement.executeQuery("SHOW GLOBAL STATUS")) {
      while (rows.next()) {
        var value = rows.getString(2);
        if (value.matches("[0-9]{1,18}")) {
          counters.put(rows.getString(1), Long.parseLong(value));
        }
      }
      return counters;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What has been counted since, where it is not nothing. */
  public Map<String, Long> since(Map<String, Long> earlier, Predicate<String> which) {
    var more = new LinkedHashMap<String, Long>();
    counters()
        .forEach(
            (name, value) -> {
              long difference = value - earlier.getOrDefault(name, 0L);
              if (difference != 0 && which.test(name)) {
                more.put(name, difference);
              }
            });
    return more;
  }

  /** Has what was changed in memory written down, so that the next measurement need not. */
  public void beginToWriteDown() {
    database.update("SET GLOBAL innodb_max_dirty_pages_pct = 0");
  }

  /** Whether that is done. */
  public boolean isWrittenDown() {
    return counters().getOrDefault("Innodb_buffer_pool_pages_dirty", 0L) < SETTLED_PAGES;
  }

  public void endWritingDown() {
    database.update("SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT");
  }

  /** How large the buffer pool is. */
  public long bufferPool() {
    return database.number("SELECT @@innodb_buffer_pool_size");
  }

  /** Takes effect at once. */
  public void bufferPool(long bytes) {
    database.update("SET GLOBAL innodb_buffer_pool_size = " + bytes);
  }

  /** Whether commits wait for the disk. */
  public void durable(boolean isDurable) {
    database.update("SET GLOBAL innodb_flush_log_at_trx_commit = " + (isDurable ? 1 : 0));
  }
}
