package io.hayloft.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.schema.SchemaStatus.State;
import io.hayloft.testkit.MogileFsTables;
import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchemaTest {

  private static final String OLD = "latin1 COLLATE latin1_swedish_ci";

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @BeforeEach
  void emptyDatabase() throws SQLException {
    DATABASE.clear();
  }

  @Test
  void anEmptyDatabaseGetsAllTables() throws SQLException {
    assertThat(status().state()).isEqualTo(State.EMPTY);

    var result = migrate();

    assertThat(result.adopted()).isFalse();
    assertThat(result.applied()).startsWith("17", "17.1", "17.2").isEqualTo(versions());
    assertThat(query("SHOW TABLES"))
        .contains("domain", "class", "file", "tempfile", "file_on", "file_on_corrupt", "checksum")
        .contains("host", "device", "server_settings", "file_to_replicate", "file_to_delete2")
        .contains("file_to_queue", "file_to_delete", "file_to_delete_later", "fsck_log")
        .contains("unreachable_fids", "hayloft_lease", "hayloft_schema_history");
    assertThat(query("SELECT value FROM server_settings WHERE field = 'schema_version'"))
        .containsExactly("17");
    assertThat(columnTypes("fid")).containsOnly("bigint");
    assertThat(columnTypes("dkey")).containsOnly("varbinary");
    assertThat(status().state()).isEqualTo(State.CURRENT);
    Schema.require(DATABASE.url(), DATABASE.user(), DATABASE.password());
  }

  @Test
  void onlyAnInstallationThatBeganWithUsIsCalledNew() throws SQLException {
    var marker = "SELECT value FROM server_settings WHERE field = 'hayloft_installation'";
    migrate();
    assertThat(query(marker)).containsExactly("new");

    DATABASE.clear();
    mogileFs(OLD, "17");
    migrate();
    assertThat(query(marker)).isEmpty();
  }

  @Test
  void migratingTwiceDoesNothingMore() {
    migrate();

    assertThat(migrate()).isEqualTo(new MigrationResult(false, List.of()));
  }

  @Test
  void aDatabaseOfMogileFsIsAdoptedAsItIs() throws SQLException {
    mogileFs(OLD, "17");
    execute("INSERT INTO file VALUES (7, 1, 'Foo', 5, 0, 1)");
    var before = query("SHOW CREATE TABLE file", 2);
    assertThat(status().state()).isEqualTo(State.ADOPTABLE);

    var result = migrate();

    assertThat(result.adopted()).isTrue();
    assertThat(result.applied())
        .startsWith("17.1", "17.2")
        .isEqualTo(versions().stream().filter(version -> !version.equals("17")).toList());
    assertThat(query("SHOW CREATE TABLE file", 2)).isEqualTo(before);
    assertThat(query("SELECT dkey FROM file")).containsExactly("Foo");
    assertThat(query("SHOW TABLES")).contains("hayloft_lease");
    assertThat(status().state()).isEqualTo(State.CURRENT);
    assertThat(status().migrations()).allMatch(SchemaStatus.Migration::applied);
    assertThat(migrate().applied()).isEmpty();
  }

  @Test
  void anotherVersionOfMogileFsIsRefused() throws SQLException {
    mogileFs("utf8mb4", "16");

    assertThat(status().state()).isEqualTo(State.OTHER_VERSION);
    assertThatThrownBy(SchemaTest::migrate)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("schema version 16")
        .hasMessageContaining("mogdbsetup");
    assertThat(query("SHOW TABLES")).doesNotContain("hayloft_lease", "hayloft_schema_history");
  }

  @Test
  void aDatabaseThatMogileFsUpgradedUnderUsIsNoLongerCurrent() throws SQLException {
    migrate();
    execute("UPDATE server_settings SET value = '18' WHERE field = 'schema_version'");

    assertThat(status().state()).isEqualTo(State.OTHER_VERSION);
  }

  @Test
  void otherPeoplesTablesAreRefused() throws SQLException {
    execute("CREATE TABLE wp_posts (id INT PRIMARY KEY)");

    assertThat(status().state()).isEqualTo(State.FOREIGN);
    assertThatThrownBy(SchemaTest::migrate)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("wp_posts");
    assertThat(query("SHOW TABLES")).containsExactly("wp_posts");
  }

  @Test
  void aTableOfTheSameNameAsOursDoesNotMakeADatabaseMogileFs() throws SQLException {
    execute("CREATE TABLE server_settings (id INT PRIMARY KEY)");

    assertThat(status().state()).isEqualTo(State.FOREIGN);
  }

  @Test
  void requireSaysWhatToRun() {
    assertThatThrownBy(() -> Schema.require(DATABASE.url(), DATABASE.user(), DATABASE.password()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("hayloft db migrate --url jdbc:mysql://")
        .hasMessageNotContaining("?");
  }

  @Test
  void aMigrationThatWasCutShortIsBehindAndIsCompleted() throws SQLException {
    migrate();
    execute("DROP TABLE hayloft_path");
    execute("UPDATE hayloft_schema_history SET success = 0 WHERE version = '17.2'");
    execute("DELETE FROM hayloft_schema_history WHERE version NOT IN ('17', '17.1', '17.2')");
    assertThat(status().state()).isEqualTo(State.BEHIND);

    assertThat(migrate().applied()).startsWith("17.2");
    assertThat(status().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void aNewerVersionsTablesAreRefused() throws SQLException {
    migrate();
    execute(
        "INSERT INTO hayloft_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (90, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, 1)");

    assertThat(status().state()).isEqualTo(State.NEWER);
    assertThatThrownBy(SchemaTest::migrate).hasMessageContaining("newer version");
  }

  @Test
  void manyMayMigrateAtTheSameTime() throws Exception {
    assertThat(together(6, SchemaTest::migrate))
        .filteredOn(result -> !result.applied().isEmpty())
        .hasSizeGreaterThanOrEqualTo(1);
    assertThat(status().state()).isEqualTo(State.CURRENT);
    assertThat(query("SELECT version FROM hayloft_schema_history WHERE version IS NOT NULL"))
        .containsExactlyInAnyOrderElementsOf(versions());
  }

  @Test
  void manyMayAdoptAtTheSameTime() throws Exception {
    mogileFs("utf8mb4", "17");

    together(6, SchemaTest::migrate);

    assertThat(status().state()).isEqualTo(State.CURRENT);
    assertThat(columnTypes("fid")).containsOnly("int");
  }

  @Test
  void aDatabaseThatCannotBeReachedIsSaidSo() {
    assertThatThrownBy(
            () -> Schema.status("jdbc:mysql://127.0.0.1:1/x?connectTimeout=1000", "u", "p"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("cannot be read");
  }

  private static <T> List<T> together(int many, Callable<T> call) throws Exception {
    var barrier = new CyclicBarrier(many);
    try (var threads = Executors.newFixedThreadPool(many)) {
      var results = new ArrayList<T>();
      Callable<T> atOnce =
          () -> {
            barrier.await();
            return call.call();
          };
      var futures = threads.invokeAll(Collections.nCopies(many, atOnce));
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  /** All that this version knows. */
  private static List<String> versions() {
    return status().migrations().stream().map(SchemaStatus.Migration::version).toList();
  }

  private static MigrationResult migrate() {
    return Schema.migrate(DATABASE.url(), DATABASE.user(), DATABASE.password());
  }

  private static SchemaStatus status() {
    return Schema.status(DATABASE.url(), DATABASE.user(), DATABASE.password());
  }

  private static void mogileFs(String charset, String version) throws SQLException {
    try (var connection = DATABASE.connect()) {
      MogileFsTables.create(connection, charset, version);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> columnTypes(String column) throws SQLException {
    return query(
        "SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE()"
            + " AND table_name NOT LIKE 'hayloft%%' AND column_name = '%s'".formatted(column));
  }

  private static List<String> query(String sql) throws SQLException {
    return query(sql, 1);
  }

  private static List<String> query(String sql, int column) throws SQLException {
    var values = new ArrayList<String>();
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(column));
      }
    }
    return values;
  }
}
