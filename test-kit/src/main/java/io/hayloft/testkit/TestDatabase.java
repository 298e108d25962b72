package io.hayloft.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An empty database of a test class's own, on the server that all tests of this JVM share. Register
 * it with {@code @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();}.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final ExtensionContext.Namespace SHARED =
      ExtensionContext.Namespace.create(TestDatabase.class);

  private @Nullable DatabaseServer server;
  private @Nullable MadeTables made;
  private String name = "";

  @Override
  public void beforeAll(ExtensionContext context) {
    server =
        context
            .getRoot()
            .getStore(SHARED)
            .computeIfAbsent("server", key -> DatabaseServer.start(), DatabaseServer.class);
    name =
        "hayloft_test_%d_%d"
            .formatted(ProcessHandle.current().pid(), NUMBERS.incrementAndGet())
            .toLowerCase(Locale.ROOT);
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException {
    recreate(false);
  }

  /** Drops everything in the database. */
  public void clear() throws SQLException {
    made = null;
    recreate(true);
  }

  /** What makes tables in an empty database. */
  @FunctionalInterface
  public interface Migration {
    Object run(String url, String user, String password);
  }

  /**
   * Leaves the database with the tables as this makes them and nothing in them but what this puts
   * there. They are made once for each test class, or again when a test has changed their
   * structure.
   */
  public void emptyTables(Migration migration) throws SQLException {
    if (made != null) {
      try (var connection = connect()) {
        if (made.restore(connection)) {
          return;
        }
      }
    }
    clear();
    var _ = migration.run(url(), user(), password());
    try (var connection = connect()) {
      made = MadeTables.of(connection);
    }
  }

  private void recreate(boolean again) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name);
      if (again) {
        // A connection that an earlier test left under way may have made it again.
        statement.execute("CREATE DATABASE IF NOT EXISTS " + name);
      }
    }
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  public String url() {
    return server().url(name);
  }

  public String user() {
    return server().user();
  }

  public String password() {
    return server().password();
  }

  private DatabaseServer server() {
    if (server == null) {
      throw new IllegalStateException("register this as a static @RegisterExtension field");
    }
    return server;
  }
}
