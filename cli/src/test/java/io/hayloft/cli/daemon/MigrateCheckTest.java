package io.hayloft.cli.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.cli.Cli;
import io.hayloft.testkit.MogileFsTables;
import io.hayloft.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that {@code hayloft migrate check} must see, in a real database that has it. */
class MigrateCheckTest {

  private static final String LATIN1 = "latin1 COLLATE latin1_swedish_ci";
  private static final String UTF8 = "utf8mb4 COLLATE utf8mb4_general_ci";

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir private Path home;

  @BeforeEach
  void makeDatabase() throws SQLException {
    DATABASE.clear();
  }

  @AfterEach
  void dropAccounts() throws SQLException {
    sql("DROP USER IF EXISTS 'poor'@'%'");
  }

  /** What was said. */
  private record Said(int exitCode, JsonNode json, String err) {

    String of(String where) {
      var lines = new ArrayList<String>();
      json.get("findings")
          .forEach(
              finding -> {
                if (finding.get("where").asText().equals(where)) {
                  lines.add(
                      finding.get("verdict").asText()
                          + ": "
                          + finding.get("found").asText()
                          + " "
                          + finding.get("advice").asText());
                }
              });
      return String.join("\n", lines);
    }

    List<String> withVerdict(String verdict) {
      var places = new ArrayList<String>();
      json.get("findings")
          .forEach(
              finding -> {
                if (finding.get("verdict").asText().equals(verdict)) {
                  places.add(finding.get("where").asText());
                }
              });
      return places;
    }
  }

  @Test
  void aSoundInstallationCanBeTakenOver() throws Exception {
    mogileFs(LATIN1, "17");
    soundRows();

    var said = check();

    assertThat(said.exitCode()).isZero();
    assertThat(said.json().get("blocked").asBoolean()).isFalse();
    assertThat(said.withVerdict("blocks")).isEmpty();
    assertThat(said.of("schema")).startsWith("adopted: Version 17;");
    assertThat(said.of("tables")).startsWith("adopted: All 15 as expected");
    assertThat(said.of("hosts, domains")).contains("2 hosts, 2 devices, 1 domain, 1 class.");
    assertThat(said.of("fid"))
        .startsWith("adopted: The highest is 12; columns end at 4,294,967,295.");
    assertThat(said.of("account")).startsWith("adopted");
    assertThat(said.of("file.dkey")).contains("latin1_swedish_ci stays", "'Foo' and 'foo'");
  }

  @Test
  void peopleGetATableAndASentence() throws Exception {
    mogileFs(LATIN1, "17");

    var result = new Cli(home, Map.of()).run(words("--url", DATABASE.url()));

    assertThat(result.out())
        .startsWith("verdict")
        .contains("This installation can be taken over.", "differs  file.dkey");
  }

  @Test
  void nothingIsChanged() throws Exception {
    mogileFs(LATIN1, "17");
    soundRows();
    var before = everything();

    check();

    assertThat(everything()).isEqualTo(before).hasSizeGreaterThan(30);
  }

  @Test
  void otherVersionsBlockAndSayWhatToRun() throws Exception {
    mogileFs(LATIN1, "16");
    assertThat(check().of("schema")).startsWith("blocks: Version 16;").contains("mogdbsetup");

    sql("UPDATE server_settings SET value = '18' WHERE field = 'schema_version'");
    assertThat(check().of("schema")).startsWith("blocks: Version 18 is newer");

    sql("DELETE FROM server_settings");
    var said = check();
    assertThat(said.of("schema")).startsWith("blocks: There is no schema_version");
    assertThat(said.exitCode()).isEqualTo(1);
  }

  @Test
  void anEmptyDatabaseIsNothingToTakeOver() throws Exception {
    assertThat(check().of("database")).startsWith("blocks: It has no tables");
  }

  @Test
  void formsThatCannotBeWorkedOnBlock() throws Exception {
    mogileFs(LATIN1, "17");
    sql("ALTER TABLE file_on ENGINE=MyISAM");
    sql("DROP TABLE file_to_delete_later");
    sql("ALTER TABLE checksum DROP COLUMN hashtype");
    sql("ALTER TABLE file DROP INDEX dkey");
    sql("ALTER TABLE file MODIFY length VARCHAR(20)");
    sql("ALTER TABLE tempfile MODIFY fid INT UNSIGNED NOT NULL");
    sql("ALTER TABLE device MODIFY status ENUM('alive','dead','down')");
    sql("ALTER TABLE file_to_replicate DROP INDEX nexttry");
    sql("CREATE TABLE plugin_filepaths_paths (id INT PRIMARY KEY)");

    var said = check();

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.of("table file_on"))
        .startsWith("blocks: Its engine MyISAM")
        .contains("ALTER TABLE `file_on` ENGINE=InnoDB");
    assertThat(said.of("table file_to_delete_later")).startsWith("blocks: Is missing.");
    assertThat(said.of("checksum.hashtype")).startsWith("blocks: Is missing.");
    assertThat(said.of("table file")).startsWith("blocks: Nothing makes (dmid, dkey) unique.");
    assertThat(said.of("file.length")).startsWith("blocks: Is varchar(20)");
    assertThat(said.of("tempfile.fid")).startsWith("blocks: Does not count up");
    assertThat(said.of("device.status")).startsWith("look: Cannot become readonly or drain");
    assertThat(said.of("table file_to_replicate")).startsWith("look: Has no index on (nexttry)");
    assertThat(said.of("other tables")).contains("plugin_filepaths_paths");
  }

  @Test
  void fidsNearTheirEndAreSaidSo() throws Exception {
    mogileFs(LATIN1, "17");
    file(4_200_000_000L, "'last'");
    sql("ALTER TABLE tempfile AUTO_INCREMENT = 7");

    var said = check();

    assertThat(said.of("fid"))
        .startsWith("look: The highest is 4,200,000,000")
        .contains("end at 4,294,967,295", "BIGINT");
    assertThat(said.of("tempfile.fid")).startsWith("differs: The counter stands at");
  }

  @Test
  void wideFidsAreAdopted() throws Exception {
    mogileFs(LATIN1, "17");
    for (var table :
        List.of(
            "file",
            "file_on",
            "checksum",
            "file_to_replicate",
            "file_to_delete2",
            "file_to_queue",
            "file_to_delete",
            "file_to_delete_later")) {
      sql("ALTER TABLE " + table + " MODIFY fid BIGINT UNSIGNED NOT NULL");
    }
    sql("ALTER TABLE fsck_log MODIFY fid BIGINT UNSIGNED");
    sql("ALTER TABLE tempfile MODIFY fid BIGINT UNSIGNED NOT NULL AUTO_INCREMENT");
    file(5_000_000_000L, "'x'");

    assertThat(check().of("fid"))
        .startsWith(
            "adopted: The highest is 5,000,000,000; columns end at 9,223,372,036,854,775,807");
  }

  @Test
  void keysThatWereEncodedTwiceAreToldApart() throws Exception {
    mogileFs(UTF8, "17");
    file(1, "'plain'");
    file(2, "CONVERT(X'C3BC' USING latin1)"); // ü as UTF-8, sent over a latin1 connection
    file(3, "CONVERT(X'E282AC' USING latin1)"); // €
    file(4, "CONVERT(X'FC' USING latin1)"); // ü as latin1

    var said = check();

    assertThat(said.exitCode()).isZero();
    assertThat(said.of("file.dkey"))
        .contains("2 of 4 keys looked at (50.0 %) are stored as UTF-8 encoded twice")
        .contains("1 of 4 keys looked at (25.0 %) are not UTF-8");
  }

  @Test
  void bytesInALatin1ColumnStayAsTheyAre() throws Exception {
    mogileFs(LATIN1, "17");
    file(1, "CONVERT(X'C3BC' USING latin1)");
    file(2, "CONVERT(X'C383C2BC' USING latin1)");

    assertThat(check().of("file.dkey"))
        .contains("2 of 2 keys looked at (100.0 %) are UTF-8 in a latin1 column")
        .contains("1 of 2 keys looked at (50.0 %) are UTF-8 encoded twice also for clients");
  }

  @Test
  void keysThatLatin1CannotSayBlock() throws Exception {
    mogileFs(UTF8, "17");
    file(1, "CONVERT(X'E5B1B1' USING utf8mb4)");

    var said = check();

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.of("file.dkey")).contains("blocks: 1 of 1 keys");
  }

  @Test
  void rowsThatDoNotFitTogetherAreNamed() throws Exception {
    mogileFs(LATIN1, "17");
    soundRows();
    sql(
        "SET SESSION sql_mode = ''",
        "INSERT INTO host (hostid, status, hostname, hostip)"
            + " VALUES (3, 'odd', 'store3', NULL)");
    sql("UPDATE host SET altip = '10.0.0.2' WHERE hostid = 1");
    sql(
        "SET SESSION sql_mode = ''",
        "INSERT INTO device (devid, hostid, status) VALUES (9, 77, '?')");
    sql("INSERT INTO class VALUES (1, 2, 'odd', 0, 7, 'OnMars(3)'), (8, 1, 'lost', 2, NULL, NULL)");
    sql("INSERT INTO file VALUES (20, 1, 'no class', 1, 5, 1), (21, 6, 'no domain', 1, 0, 1)");
    sql("INSERT INTO file_on VALUES (20, 55)");
    sql("INSERT INTO file VALUES (22, 1, '', 1, 0, 1)");

    var said = check();

    assertThat(said.of("host store3")).contains("status ''", "Has no address");
    assertThat(said.of("hosts store1, store2")).startsWith("look: Share the address 10.0.0.2");
    assertThat(said.of("dev9")).contains("status ''", "host number 77");
    assertThat(said.of("class odd of photos"))
        .contains("blocks: Its files would get no copies", "OnMars", "hashtype 7", "mindevcount 0");
    assertThat(said.of("class lost of domain number 8")).contains("Its domain is not there");
    assertThat(said.of("class number 5 of photos")).contains("1 file belong", "class default");
    assertThat(said.of("domain number 6")).contains("1 file belong");
    assertThat(said.of("file_on")).contains("dev55");
    assertThat(said.of("file rows")).startsWith("blocks: 1 have no key");
  }

  @Test
  void queuesAreCountedAndTheirSpecialRowsNamed() throws Exception {
    mogileFs(LATIN1, "17");
    sql("INSERT INTO file_to_replicate (fid, nexttry) VALUES (1, 0), (2, 2147483647)");
    sql("INSERT INTO file_to_delete VALUES (3), (4)");
    sql("INSERT INTO file_to_delete_later VALUES (5, 1)");
    sql("INSERT INTO file_to_queue (fid, type, nexttry) VALUES (6, 1, 0), (6, 2, 0), (6, 9, 0)");
    sql("INSERT INTO tempfile VALUES (7, 1, 0, 1, 'k', '1')");

    var said = check();

    assertThat(said.of("file_to_replicate"))
        .contains("adopted: 2 rows: copying", "look: 1 row given up (nexttry 2147483647)");
    assertThat(said.of("file_to_delete")).startsWith("differs: 2 rows: moved to file_to_delete2");
    assertThat(said.of("file_to_delete_later")).startsWith("differs: 1 row: moved");
    assertThat(said.of("file_to_queue type 1")).startsWith("adopted: 1 row of fsck");
    assertThat(said.of("file_to_queue type 2")).startsWith("adopted: 1 row of rebalance");
    assertThat(said.of("file_to_queue type 9")).startsWith("look: 1 row of an unknown kind");
    assertThat(said.of("tempfile")).startsWith("adopted: 1 row: open uploads");
  }

  @Test
  void settingsAreJudged() throws Exception {
    mogileFs(LATIN1, "17");
    sql(
        "INSERT INTO server_settings VALUES ('fsck_host', 'tracker1'), ('rebal_host', 'tracker2'),"
            + " ('case_sensitive_list_keys', '1'), ('slave_keys', 'one'), ('made_up', 'x'),"
            + " ('slave_one', 'DBI:mysql:x|u|secret')");

    var said = check();

    assertThat(said.of("setting fsck_host"))
        .startsWith("blocks: A fsck is running, on tracker tracker1.")
        .contains("mogadm fsck stop");
    assertThat(said.of("setting rebal_host")).startsWith("blocks: A rebalance is running");
    assertThat(said.of("setting case_sensitive_list_keys")).startsWith("differs: ");
    assertThat(said.of("setting slave_keys")).startsWith("adopted: ");
    assertThat(said.of("setting made_up")).startsWith("look: ");
    assertThat(said.json().toString()).doesNotContain("secret");
  }

  @Test
  void anAccountThatMayTooLittleBlocksAndTheOneAskedForCanMigrate() throws Exception {
    mogileFs(LATIN1, "17");
    sql("CREATE USER 'poor'@'%' IDENTIFIED BY 'poor'");
    // As people should write it: an underscore is a wildcard otherwise.
    var name = query("SELECT DATABASE()").getFirst().replace("_", "\\_");
    sql("GRANT SELECT, INSERT, UPDATE, DELETE ON `" + name + "`.* TO 'poor'@'%'");
    var account = new String[] {"--url", DATABASE.url(), "--user", "poor", "--password", "poor"};

    assertThat(check(account).of("account"))
        .startsWith("blocks: Has no privilege ALTER, CREATE, INDEX on this database.")
        .contains("GRANT ALTER, CREATE, INDEX ON `" + name + "`.*");
    assertThat(migrate(account).err()).contains("CREATE command denied");

    sql("GRANT ALTER, CREATE, INDEX ON `" + name + "`.* TO 'poor'@'%'");
    assertThat(check(account).of("account")).startsWith("adopted");
    var migrated = migrate(account);
    assertThat(migrated.out()).as(migrated.err()).startsWith("Took the MogileFS database over");
    assertThat(check(account).of("schema")).contains("Hayloft has been here before");
  }

  @Test
  void otherConnectionsAreAWarning() throws Exception {
    mogileFs(LATIN1, "17");
    try (var other = DATABASE.connect();
        var statement = other.createStatement()) {
      statement.execute("SELECT 1");

      assertThat(check().of("connections")).startsWith("look: ").contains("old trackers");
    }
  }

  @Test
  void aDatabaseThatDoesNotAnswerBlocks() throws Exception {
    var said = check("--url", "jdbc:mysql://127.0.0.1:1/x", "--user", "u", "--password", "p");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.of("database")).startsWith("blocks: It cannot be read");
  }

  @Test
  void everyLineOfTheOldFilesIsJudged() throws Exception {
    var tracker =
        Files.writeString(
            home.resolve("mogilefsd.conf"),
            """
            # of the old tracker
            db_dsn = DBI:SQLite:/var/mogile.db
            db_pass = secret
            daemonize = 1
            listen=0.0.0.0
            min_fre_space = 5
            nonsense
            """);
    var node =
        Files.writeString(
            home.resolve("mogstored.conf"), "docroot = /var/mogdata\niostat = 1\nfoo = 1\n");

    var said = check("--config", tracker.toString(), "--mogstored-config", node.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.of(tracker + " line 2: db_dsn"))
        .startsWith("blocks: ")
        .contains("SQLite", "does not support");
    assertThat(said.of(tracker + " line 3: db_pass"))
        .isEqualTo("adopted: Read as database.password. ");
    assertThat(said.of(tracker + " line 4: daemonize")).startsWith("differs: Has no effect here");
    assertThat(said.of(tracker + " line 5: listen")).contains("Read as listen");
    assertThat(said.of(tracker + " line 6: min_fre_space")).contains("blocks", "min_free_space");
    assertThat(said.of(tracker + " line 7")).contains("blocks", "key = value");
    assertThat(said.of(node + " line 1: docroot")).startsWith("adopted");
    assertThat(said.of(node + " line 2: iostat")).startsWith("differs");
    assertThat(said.of(node + " line 3: foo")).startsWith("blocks");
    assertThat(said.json().toString()).doesNotContain("secret");
  }

  @Test
  void withoutAnyDatabaseItIsAUsageError() throws Exception {
    var file = Files.writeString(home.resolve("mogilefsd.conf"), "conf_port = 7001\n");

    var result = new Cli(home, Map.of()).run("migrate", "check", "--config", file.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("database.url");
  }

  private Cli.Result migrate(String... where) {
    var words = new ArrayList<>(List.of("db", "migrate"));
    words.addAll(List.of(where));
    return new Cli(home, Map.of()).run(words.toArray(String[]::new));
  }

  private Said check(String... where) throws Exception {
    var words =
        new ArrayList<>(List.of(where.length == 0 ? words("--url", DATABASE.url()) : words(where)));
    words.add("--json");
    var result = new Cli(home, Map.of()).run(words.toArray(String[]::new));
    return new Said(
        result.exitCode(),
        new ObjectMapper().readTree(result.raw().getBytes(ISO_8859_1)),
        result.err());
  }

  private static String[] words(String... where) {
    var words = new ArrayList<>(List.of("migrate", "check"));
    words.addAll(List.of(where));
    if (!words.contains("--user") && words.contains("--url")) {
      words.addAll(List.of("--user", DATABASE.user(), "--password", DATABASE.password()));
    }
    return words.toArray(String[]::new);
  }

  private static void mogileFs(String charset, String version) throws SQLException {
    try (var connection = DATABASE.connect()) {
      MogileFsTables.create(connection, charset, version);
    }
  }

  private static void soundRows() throws SQLException {
    sql(
        "INSERT INTO host (hostid, status, hostname, hostip)"
            + " VALUES (1, 'alive', 'store1', '10.0.0.1'), (2, 'alive', 'store2', '10.0.0.2')");
    sql("INSERT INTO device (devid, hostid, status) VALUES (1, 1, 'alive'), (2, 2, 'drain')");
    sql("INSERT INTO domain VALUES (1, 'photos')");
    sql("INSERT INTO class VALUES (1, 1, 'small', 2, 1, 'MultipleHosts(2)')");
    file(11, "'a'");
    sql("INSERT INTO file_on VALUES (11, 1), (11, 2)");
    sql("INSERT INTO tempfile VALUES (12, 1, 0, 1, 'b', '1')");
  }

  private static void file(long fid, String key) throws SQLException {
    sql("INSERT INTO file VALUES (%d, 1, %s, 1, 1, 2)".formatted(fid, key));
  }

  private static void sql(String... statements) throws SQLException {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  private static List<String> query(String sql) throws SQLException {
    var values = new ArrayList<String>();
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var line = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          line.add(String.valueOf(rows.getString(i)));
        }
        values.add(String.join("|", line));
      }
    }
    return values;
  }

  /** Definitions, contents and the catalogue. */
  private static Map<String, List<String>> everything() throws SQLException {
    var all = new TreeMap<String, List<String>>();
    for (var table : query("SHOW TABLES")) {
      all.put("content of " + table, query("CHECKSUM TABLE `" + table + "`"));
      all.put("definition of " + table, query("SHOW CREATE TABLE `" + table + "`"));
    }
    all.put(
        "columns",
        query(
            "SELECT * FROM information_schema.columns WHERE table_schema = DATABASE()"
                + " ORDER BY table_name, ordinal_position"));
    // Not all columns: the server counts the different values of an index when it likes.
    all.put(
        "indexes",
        query(
            "SELECT table_name, index_name, non_unique, seq_in_index, column_name"
                + " FROM information_schema.statistics WHERE table_schema = DATABASE()"
                + " ORDER BY 1, 2, 4"));
    all.put(
        "tables",
        query(
            "SELECT table_name, engine, table_collation, create_time, update_time"
                + " FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"));
    return all;
  }
}
