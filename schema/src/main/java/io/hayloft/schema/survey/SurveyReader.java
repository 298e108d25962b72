package io.hayloft.schema.survey;

import io.hayloft.schema.survey.Survey.ClassRow;
import io.hayloft.schema.survey.Survey.Connected;
import io.hayloft.schema.survey.Survey.DeviceRow;
import io.hayloft.schema.survey.Survey.DomainRow;
import io.hayloft.schema.survey.Survey.HostRow;
import io.hayloft.schema.survey.Survey.Queue;
import io.hayloft.schema.survey.Survey.Rows;
import io.hayloft.schema.survey.Survey.Server;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Surveys a database in a session that cannot write. Every question goes along an index, to a small
 * table or to a sample, and has a time limit.
 *
 * <p>Tables and columns may be missing: then what they would say is left out.
 */
public final class SurveyReader {

  private static final long NEVER = 2_147_483_647;
  private static final int MOST_ROWS = 20_000;

  /** What is looked at, as the progress names it. */
  public static final List<String> PARTS =
      List.of("server", "tables", "hosts, devices, classes", "files", "queues");

  private final Queries queries;

  private SurveyReader(Queries queries) {
    this.queries = queries;
  }

  /** Where the database is. */
  public record Access(String url, String user, String password) {}

  /**
   * @param progress told each of {@link #PARTS} when it is begun
   * @throws SurveyException when the database cannot be reached or read
   */
  public static Survey read(Access access, Consumer<String> progress) {
    var properties = new Properties();
    properties.put("user", access.user());
    properties.put("password", access.password());
    put(properties, access, "connectTimeout", "5000");
    put(properties, access, "socketTimeout", "60000");
    put(properties, access, "characterEncoding", "UTF-8");
    try (var connection = DriverManager.getConnection(access.url(), properties)) {
      var queries = new Queries(connection);
      // Not left to the driver, which takes some servers for too old to know it.
      queries.execute("SET SESSION TRANSACTION READ ONLY");
      return new SurveyReader(queries).survey(progress);
    } catch (SQLException e) {
      throw new SurveyException(String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "), e);
    }
  }

  private static void put(Properties properties, Access access, String name, String value) {
    if (!access.url().matches(".*[?&]" + name + "=.*")) {
      properties.put(name, value);
    }
  }

  private Survey survey(Consumer<String> progress) throws SQLException {
    progress.accept(PARTS.get(0));
    var server = server();
    progress.accept(PARTS.get(1));
    var tables = TableReader.read(queries);
    progress.accept(PARTS.get(2));
    var rows = rows(tables);
    progress.accept(PARTS.get(3));
    var files =
        queries.inTime("files", Survey.Files.NONE, () -> new FileReader(queries, tables).read());
    progress.accept(PARTS.get(4));
    var queues = queues(tables);
    return new Survey(server, tables, rows, files, queues, queries.skipped());
  }

  private Server server() throws SQLException {
    return queries
        .one(
            row ->
                new Server(
                    Queries.text(row, 1),
                    Queries.text(row, 2),
                    Queries.text(row, 3),
                    queries.list(grant -> Queries.text(grant, 1), "SHOW GRANTS"),
                    others()),
            "SELECT VERSION(), @@sql_mode, DATABASE()")
        .orElseThrow(() -> new SQLException("the server does not say its version"));
  }

  private List<Connected> others() throws SQLException {
    return queries.list(
        row -> new Connected(Queries.text(row, 1), Queries.text(row, 2), row.getLong(3)),
        "SELECT user, SUBSTRING_INDEX(host, ':', 1) AS machine, COUNT(*)"
            + " FROM information_schema.processlist"
            + " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            + " GROUP BY user, SUBSTRING_INDEX(host, ':', 1)");
  }

  private Rows rows(Map<String, Table> tables) throws SQLException {
    var hosts =
        list(
            tables,
            "host",
            row ->
                new HostRow(
                    row.getInt(1),
                    Queries.text(row, 2),
                    Queries.text(row, 3),
                    Queries.text(row, 4),
                    Queries.text(row, 5)),
            "hostid, hostname, status, hostip, altip");
    var devices =
        list(
            tables,
            "device",
            row -> new DeviceRow(row.getInt(1), row.getInt(2), Queries.text(row, 3)),
            "devid, hostid, status");
    var domains =
        list(
            tables,
            "domain",
            row -> new DomainRow(row.getInt(1), Queries.text(row, 2)),
            "dmid, namespace");
    var classes =
        list(
            tables,
            "class",
            row -> {
              int hash = row.getInt(5);
              return new ClassRow(
                  row.getInt(1),
                  row.getInt(2),
                  Queries.text(row, 3),
                  row.getInt(4),
                  row.wasNull() ? OptionalInt.empty() : OptionalInt.of(hash),
                  Optional.of(Queries.text(row, 6)).filter(text -> !text.isBlank()));
            },
            "dmid, classid, classname, mindevcount, hashtype, replpolicy");
    var settings = new LinkedHashMap<String, String>();
    list(
            tables,
            "server_settings",
            row -> Map.entry(Queries.text(row, 1), Queries.text(row, 2)),
            "field, value")
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
    return new Rows(hosts, devices, domains, classes, settings);
  }

  private <T> List<T> list(
      Map<String, Table> tables, String table, Queries.Reader<T> reader, String columns)
      throws SQLException {
    return has(tables, table, columns.split(", "))
        ? queries.list(
            reader, "SELECT %s FROM `%s` ORDER BY 1 LIMIT %d".formatted(columns, table, MOST_ROWS))
        : List.of();
  }

  private static boolean has(Map<String, Table> tables, String table, String... columns) {
    var found = tables.get(table);
    return found != null && found.columns().keySet().containsAll(List.of(columns));
  }

  private List<Queue> queues(Map<String, Table> tables) throws SQLException {
    var queues = new ArrayList<Queue>();
    for (var table : List.of("file_to_replicate", "file_to_delete2")) {
      if (has(tables, table, "nexttry")) {
        queues.add(queue(table, table, ""));
      }
    }
    if (has(tables, "file_to_queue", "type", "nexttry")) {
      var types =
          queries.list(
              row -> row.getInt(1), "SELECT type FROM file_to_queue GROUP BY type LIMIT 100");
      for (var type : types) {
        queues.add(queue("file_to_queue type " + type, "file_to_queue", "type = " + type));
      }
    }
    for (var table : List.of("file_to_delete", "file_to_delete_later", "tempfile")) {
      if (tables.containsKey(table)) {
        queues.add(new Queue(table, queries.count(table), 0));
      }
    }
    return queues;
  }

  private Queue queue(String name, String table, String which) throws SQLException {
    return new Queue(
        name,
        queries.count(table + (which.isEmpty() ? "" : " WHERE " + which)),
        queries.count(
            "%s WHERE %snexttry = %d"
                .formatted(table, which.isEmpty() ? "" : which + " AND ", NEVER)));
  }
}
