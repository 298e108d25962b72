package io.hayloft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestDatabaseTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @Test
  void isAServerThatKeepsWhatIsWritten() throws Exception {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (a VARBINARY(255) PRIMARY KEY) ENGINE=InnoDB");
      statement.execute("INSERT INTO t VALUES ('Foo'), ('foo'), ('foo ')");
    }
    try (var connection = DATABASE.connect();
        var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(3);
    }
  }
}
