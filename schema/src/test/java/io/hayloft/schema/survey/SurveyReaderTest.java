package io.hayloft.schema.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.MogileFsTables;
import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SurveyReaderTest {

  private static final String OLD = "latin1 COLLATE latin1_swedish_ci";

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** The server itself refuses: here to a view that writes whenever somebody reads it. */
  @Test
  void nothingCanBeWrittenWhileLooking() throws SQLException {
    try (var connection = DATABASE.connect()) {
      MogileFsTables.create(connection, OLD, "17");
    }
    sql("CREATE TABLE written (at INT)");
    sql(
        "CREATE FUNCTION counted() RETURNS INT MODIFIES SQL DATA"
            + " BEGIN INSERT INTO written VALUES (1); RETURN 1; END");
    sql("RENAME TABLE server_settings TO settings");
    sql("CREATE VIEW server_settings AS SELECT field, value FROM settings WHERE counted() = 1");
    var access = new SurveyReader.Access(DATABASE.url(), DATABASE.user(), DATABASE.password());

    SurveyReader.read(access, part -> {});

    assertThat(rows("SELECT at FROM written")).isEmpty();
    assertThat(rows("SELECT value FROM server_settings")).containsExactly("17");
    assertThat(rows("SELECT at FROM written")).as("it does write for others").hasSize(1);
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var each = connection.createStatement()) {
      each.execute(statement);
    }
  }

  private static List<String> rows(String query) throws SQLException {
    var found = new ArrayList<String>();
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
