package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.MogileFsTables;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a MogileFS leaves behind when its daemons are stopped: tables with rows in all states, files
 * on the disks of two machines, configuration files. Hosts {@code store1} (127.0.0.1; dev1, dev2)
 * and {@code store2} (127.0.0.2; dev3, dev4).
 */
final class OldInstallation {

  static final int PHOTOS = 1;
  static final int DOCS = 2;

  /** The highest fid, in a file; the counter of uploads stands far below. */
  static final long HIGHEST_FID = 2000;

  static final long OPEN_UPLOAD = 950;
  static final List<Long> TO_BE_DELETED = List.of(900L, 901L, 902L, 951L);
  static final long GIVEN_UP = 3;

  /**
   * A file of the old time.
   *
   * @param key its bytes, one per char
   */
  record OldFile(long fid, int domain, int fileClass, String key, List<Integer> devices) {

    byte[] bytes() {
      return ("bytes of " + fid + " ").repeat((int) (fid % 500)).getBytes(UTF_8);
    }
  }

  /** The ports that the configuration files name. */
  record Ports(int tracker, int http, int side) {}

  private final TestDatabase database;
  private final Path directory;
  private final Ports ports;
  private final List<OldFile> files = new ArrayList<>();

  OldInstallation(TestDatabase database, Path directory, Ports ports) {
    this.database = database;
    this.directory = directory;
    this.ports = ports;
    addFiles();
  }

  private void addFiles() {
    var both = List.of(1, 3);
    add(1, PHOTOS, 0, "album/one", both);
    add(2, PHOTOS, 0, "Album/Two", both);
    add(GIVEN_UP, PHOTOS, 1, "0", List.of(2));
    add(4, PHOTOS, 2, "with/checksum", List.of(2, 4));
    add(5, PHOTOS, 0, wire("Größe/ä"), both);
    add(6, PHOTOS, 0, wire(wire("doppelt/ü")), both);
    add(7, PHOTOS, 0, "not utf-8: \u00fc\u0080", both);
    add(8, PHOTOS, 0, "% _ \\ & = + ?", both);
    add(9, DOCS, 1, "same host is fine", List.of(1, 2));
    add(10, DOCS, 0, "album/one", both);
    // One copy only, and queued.
    add(20, PHOTOS, 0, "queued/new", List.of(1));
    add(21, PHOTOS, 0, "queued/lower priority", List.of(4));
    for (int i = 30; i < 60; i++) {
      add(i, PHOTOS, 0, (i % 2 == 0 ? "List/" : "list/") + (char) ('A' + i % 26) + i, both);
    }
    // Empty, and with a fid whose path has other directories than the first.
    add(1_000, PHOTOS, 0, "empty", both);
    add(HIGHEST_FID, DOCS, 0, "last", both);
  }

  private void add(long fid, int domain, int fileClass, String key, List<Integer> devices) {
    files.add(new OldFile(fid, domain, fileClass, key, devices));
  }

  /** The bytes of the UTF-8 of a text, one per char. */
  static String wire(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  List<OldFile> files() {
    return List.copyOf(files);
  }

  List<OldFile> files(int domain) {
    return files.stream().filter(file -> file.domain() == domain).toList();
  }

  /**
   * @param charset of all tables
   */
  void create(String charset) throws SQLException, IOException {
    database.clear();
    try (var connection = connect()) {
      MogileFsTables.create(connection, charset, "17");
      rows(connection);
      for (var file : files) {
        insert(connection, file);
        for (int device : file.devices()) {
          write(device, file.fid(), file.bytes());
        }
      }
    }
    for (long fid : TO_BE_DELETED) {
      write(1, fid, "to be deleted".getBytes(UTF_8));
    }
    write(1, OPEN_UPLOAD, "open".getBytes(UTF_8));
    for (int device = 1; device <= 4; device++) {
      Files.createDirectories(device(device));
    }
    writeConfiguration();
  }

  /** As the old trackers connected: one byte is one char of latin1. */
  private Connection connect() throws SQLException {
    var url = database.url() + "&characterEncoding=ISO-8859-1";
    return java.sql.DriverManager.getConnection(url, database.user(), database.password());
  }

  private void rows(Connection connection) throws SQLException {
    sql(
        connection,
        "INSERT INTO host (hostid, status, http_port, hostname, hostip) VALUES"
            + " (1, 'alive', %1$d, 'store1', '127.0.0.1'), (2, 'alive', %1$d, 'store2', '127.0.0.2')"
                .formatted(ports.http()),
        "INSERT INTO device (devid, hostid, status, mb_total, mb_used, mb_asof) VALUES"
            + " (1, 1, 'alive', 100000, 10, 1), (2, 1, 'alive', 100000, 10, 1),"
            + " (3, 2, 'alive', 100000, 10, 1), (4, 2, 'alive', 100000, 10, 1)",
        "INSERT INTO domain VALUES (1, 'photos'), (2, 'docs')",
        "INSERT INTO class VALUES (1, 1, 'one', 1, NULL, NULL),"
            + " (1, 2, 'summed', 2, 1, 'MultipleHosts(2)'),"
            + " (2, 1, 'devices', 2, NULL, 'MultipleDevices()')",
        "INSERT INTO file_to_replicate (fid, nexttry, fromdevid) VALUES"
            + " (20, 0, NULL), (21, 1, 4), (%d, 2147483647, NULL)".formatted(GIVEN_UP),
        "INSERT INTO file_to_delete2 (fid, nexttry) VALUES (900, 1)",
        "INSERT INTO file_to_delete VALUES (901)",
        "INSERT INTO file_to_delete_later VALUES (902, 1)",
        "INSERT INTO file_on VALUES (900, 1), (901, 1), (902, 1)",
        "INSERT INTO tempfile VALUES (950, UNIX_TIMESTAMP(), 0, 1, 'open', '1,3'),"
            + " (951, 1, 0, 1, 'expired', '1')",
        "INSERT INTO server_settings VALUES ('fsck_fid_at_end', '40'), ('skip_mkcol', '1')");
  }

  private static void insert(Connection connection, OldFile file) throws SQLException {
    try (var row = connection.prepareStatement("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)")) {
      row.setLong(1, file.fid());
      row.setInt(2, file.domain());
      row.setString(3, file.key());
      row.setLong(4, file.bytes().length);
      row.setInt(5, file.fileClass());
      row.setInt(6, file.devices().size());
      row.executeUpdate();
    }
    for (int device : file.devices()) {
      sql(connection, "INSERT INTO file_on VALUES (%d, %d)".formatted(file.fid(), device));
    }
    if (file.domain() == PHOTOS && file.fileClass() == 2) {
      try (var row = connection.prepareStatement("INSERT INTO checksum VALUES (?, 1, ?)")) {
        row.setLong(1, file.fid());
        row.setBytes(2, md5(file.bytes()));
        row.executeUpdate();
      }
    }
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(int device, long fid, byte[] bytes) throws IOException {
    var place = replica(device, fid);
    Files.createDirectories(place.getParent());
    Files.write(place, bytes);
  }

  /** Where a copy is on disk. */
  Path replica(int device, long fid) {
    var path = new ReplicaPath(new DeviceId(device), new Fid(fid)).toString();
    return docroot(device).resolve(path.substring(1));
  }

  private Path device(int number) {
    return docroot(number).resolve("dev" + number);
  }

  private Path docroot(int device) {
    return directory.resolve(device <= 2 ? "store1" : "store2");
  }

  private void writeConfiguration() throws IOException {
    var server = URI.create(database.url().substring("jdbc:".length()));
    Files.writeString(
        trackerFile(),
        """
        # mogilefsd.conf of the old tracker
        daemonize = 1
        pidfile = /var/run/mogilefsd.pid
        db_dsn = DBI:mysql:%s:host=%s;port=%d
        db_user = %s
        db_pass = %s
        listen = 127.0.0.1
        conf_port = %d
        listener_jobs = 10
        delete_jobs = 1
        replicate_jobs = 2
        mogstored_stream_port = %d
        min_free_space = 10
        default_mindevcount = 2
        """
            .formatted(
                server.getPath().substring(1),
                server.getHost(),
                server.getPort() < 0 ? 3306 : server.getPort(),
                database.user(),
                database.password(),
                ports.tracker(),
                ports.side()));
    for (int store = 1; store <= 2; store++) {
      Files.writeString(
          nodeFile(store),
          """
          maxconns = 1000
          httplisten = 127.0.0.%1$d:%2$d
          mgmtlisten = 127.0.0.%1$d:%3$d
          docroot = %4$s
          """
              .formatted(store, ports.http(), ports.side(), docroot(2 * store)));
    }
  }

  Path trackerFile() {
    return directory.resolve("mogilefsd.conf");
  }

  Path nodeFile(int store) {
    return directory.resolve("mogstored" + store + ".conf");
  }

  static void sql(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  /** The rows of a query, their columns with blanks between. */
  List<String> query(String sql) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var lines = new ArrayList<String>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var line = new String[columns];
        for (int i = 0; i < columns; i++) {
          line[i] = rows.getString(i + 1);
        }
        lines.add(String.join(" ", Arrays.asList(line)));
      }
      return lines;
    }
  }

  /** How each of the original's tables is made, without where its counter stands. */
  List<String> definitions() throws SQLException {
    var definitions = new ArrayList<String>();
    for (var table : query("SHOW TABLES")) {
      if (!table.startsWith("hayloft_")) {
        definitions.add(
            query("SHOW CREATE TABLE `" + table + "`")
                .getFirst()
                .replaceAll(" AUTO_INCREMENT=[0-9]+", ""));
      }
    }
    return definitions;
  }
}
