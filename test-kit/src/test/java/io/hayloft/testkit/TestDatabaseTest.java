package io.hayloft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestDatabaseTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static int made;

  @Test
  void isAServerThatKeepsWhatIsWritten() throws Exception {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS t (a VARBINARY(255) PRIMARY KEY) ENGINE=InnoDB");
      statement.execute("INSERT INTO t VALUES ('Foo'), ('foo'), ('foo ')");
    }
    try (var connection = DATABASE.connect();
        var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(3);
    }
  }

  private static Object make(String url, String user, String password) {
    made++;
    try (var connection = DriverManager.getConnection(url, user, password);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE numbered (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(9))");
      statement.execute("CREATE TABLE plain (a VARCHAR(9) PRIMARY KEY)");
      statement.execute(
          "CREATE TABLE seeded (a VARCHAR(9), t TIMESTAMP NULL, b BOOLEAN, n VARCHAR(9))");
      statement.execute("INSERT INTO seeded VALUES ('version', '2001-02-03 04:05:06', 1, NULL)");
      return made;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sql(String... statements) throws SQLException {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  private static List<String> tellAll() throws SQLException {
    var all = new ArrayList<String>();
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      for (var query :
          List.of(
              "SELECT CONCAT(table_name, ' ', column_name, ' ', column_type)"
                  + " FROM information_schema.columns WHERE table_schema = DATABASE()",
              "SELECT trigger_name FROM information_schema.triggers"
                  + " WHERE trigger_schema = DATABASE()",
              "SELECT CONCAT_WS(' ', 'numbered', id, a) FROM numbered",
              "SELECT CONCAT_WS(' ', 'plain', a) FROM plain",
              "SELECT CONCAT_WS(' ', 'seeded', a, t, b, n IS NULL) FROM seeded")) {
        var rows = statement.executeQuery(query);
        while (rows.next()) {
          all.add(rows.getString(1));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO numbered (a) VALUES ('x'), ('y')",
        "INSERT INTO plain VALUES ('x')",
        "INSERT INTO seeded VALUES ('more', NULL, 0, 'x')",
        "UPDATE seeded SET b = 0",
        "UPDATE seeded SET t = NOW()",
        "DELETE FROM seeded",
      })
  void rowsAreAsTheyWereWhenTheTablesHadBeenMade(String change) throws Exception {
    DATABASE.emptyTables(TestDatabaseTest::make);
    var before = tellAll();
    int makings = made;
    sql(change);

    DATABASE.emptyTables(TestDatabaseTest::make);

    assertThat(tellAll()).isEqualTo(before);
    assertThat(made).as("they are not made again").isEqualTo(makings);
  }

  @Test
  void rowsAreNumberedFromOneAgainThoughTheTableIsEmpty() throws Exception {
    DATABASE.emptyTables(TestDatabaseTest::make);
    sql("INSERT INTO numbered (a) VALUES ('x')", "DELETE FROM numbered");

    DATABASE.emptyTables(TestDatabaseTest::make);
    sql("INSERT INTO numbered (a) VALUES ('x')");

    assertThat(tellAll()).contains("numbered 1 x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE more (a INT)",
        "ALTER TABLE plain ADD COLUMN b INT",
        "ALTER TABLE plain MODIFY a VARCHAR(9) COLLATE latin1_swedish_ci",
        "CREATE INDEX more ON seeded (a)",
        "CREATE TRIGGER more BEFORE INSERT ON plain FOR EACH ROW SET NEW.a = 'other'",
        "CREATE VIEW more AS SELECT a FROM plain",
      })
  void otherTablesAreMadeAnew(String change) throws Exception {
    DATABASE.emptyTables(TestDatabaseTest::make);
    var before = tellAll();
    int makings = made;
    sql("INSERT INTO plain VALUES ('x')", change);

    DATABASE.emptyTables(TestDatabaseTest::make);

    assertThat(tellAll()).isEqualTo(before);
    assertThat(made).as("they are made again").isEqualTo(makings + 1);
  }

  @Test
  void tablesThatAreGoneAreMadeAnew() throws Exception {
    DATABASE.emptyTables(TestDatabaseTest::make);
    var before = tellAll();
    sql("DROP TABLE plain");
    DATABASE.emptyTables(TestDatabaseTest::make);
    assertThat(tellAll()).isEqualTo(before);

    DATABASE.clear();
    DATABASE.emptyTables(TestDatabaseTest::make);
    assertThat(tellAll()).isEqualTo(before);
  }
}
