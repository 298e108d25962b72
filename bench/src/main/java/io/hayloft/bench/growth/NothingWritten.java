package io.hayloft.bench.growth;

import io.hayloft.bench.database.ServerBooks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The rule that nothing that a read does writes to the database, by the server's own counters:
 * while files are only read, it is sent no statement that changes rows, and no row of a table is
 * written, changed or removed.
 *
 * <p>Trackers note every minute or so how full the devices are, whether or not anybody reads. When
 * that falls into the reads they are begun anew.
 */
final class NothingWritten {

  /** Statements, and rows in whatever table; rows of results that are being made are others. */
  private static final String CHANGES =
      "Com_(insert|insert_select|update|update_multi|delete|delete_multi|replace|replace_select"
          + "|load|truncate)"
          + "|Handler_(write|update|delete)"
          + "|Innodb_rows_(inserted|updated|deleted)";

  /** All but our own look. */
  private static final String STATEMENTS = "Com_(?!show_status).*";

  private static final int ATTEMPTS = 3;

  private final ServerBooks books;

  NothingWritten(ServerBooks books) {
    this.books = books;
  }

  /**
   * What some reads came to.
   *
   * @param statements by their kinds, all that the server was sent meanwhile
   */
  record Proved<T>(T result, Map<String, Long> statements) {}

  /**
   * Lets reads be made.
   *
   * @throws IllegalStateException when something was written each time
   */
  <T> Proved<T> during(Supplier<T> reads) {
    Map<String, Long> changes = Map.of();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var before = books.counters();
      var result = reads.get();
      var all = books.since(before, name -> name.matches(STATEMENTS + "|" + CHANGES));
      changes = new LinkedHashMap<>(all);
      changes.keySet().removeIf(name -> !name.matches(CHANGES));
      if (changes.isEmpty()) {
        return new Proved<>(result, all);
      }
    }
    throw new IllegalStateException("reads have written to the database: " + changes);
  }
}
