package io.hayloft.tracker.store.jdbc;

import io.hayloft.schema.Schema;
import io.hayloft.testkit.MogileFsTables;
import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;

/** Whose tables the stores are to work on. */
enum Tables {
  OURS(""),
  ADOPTED_LATIN1("latin1 COLLATE latin1_swedish_ci"),
  ADOPTED_UTF8("utf8mb4 COLLATE utf8mb4_general_ci");

  private final String charset;

  Tables(String charset) {
    this.charset = charset;
  }

  void create(TestDatabase database) throws SQLException {
    database.clear();
    if (this != OURS) {
      try (var connection = database.connect()) {
        MogileFsTables.create(connection, charset, Schema.MOGILEFS_VERSION);
      }
    }
    Schema.migrate(database.url(), database.user(), database.password());
  }
}
