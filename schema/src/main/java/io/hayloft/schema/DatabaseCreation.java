package io.hayloft.schema;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An empty database with an account of its own, made by somebody who may administer the server.
 * What is there already stays as it is, so doing it again does no harm; in particular the password
 * of an account that exists is not changed.
 *
 * @param database its name: letters, digits, {@code _}, {@code $} and {@code -}
 * @param user the account that trackers use, from anywhere
 */
public record DatabaseCreation(String database, String user, String password) {

  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_$-]{1,64}");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.-]{1,32}");

  /** Where the account may come from: the server's own machine is no part of anywhere. */
  private static final List<String> HOSTS = List.of("%", "localhost");

  public DatabaseCreation {
    if (!DATABASE.matcher(database).matches()) {
      throw new IllegalArgumentException("\"" + database + "\" cannot name a database");
    }
    if (!USER.matcher(user).matches()) {
      throw new IllegalArgumentException("\"" + user + "\" cannot name an account");
    }
  }

  /**
   * Makes what is missing.
   *
   * @param serverUrl the server's JDBC address, without a database
   * @throws SchemaException when the server cannot be reached or refuses
   */
  public void run(String serverUrl, String admin, String adminPassword) {
    try (var connection = DriverManager.getConnection(serverUrl, admin, adminPassword)) {
      execute(connection, "CREATE DATABASE IF NOT EXISTS `" + database + "`");
      for (var host : HOSTS) {
        var account = "'" + user + "'@'" + host + "'";
        execute(connection, "CREATE USER IF NOT EXISTS " + account + " IDENTIFIED BY " + secret());
        execute(connection, "GRANT ALL PRIVILEGES ON `" + pattern() + "`.* TO " + account);
      }
    } catch (SQLException e) {
      throw new SchemaException(
          "The database %s cannot be made as %s (%s).".formatted(database, admin, e.getMessage()),
          e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** In a GRANT the name is a pattern, where an underscore would stand for any character. */
  private String pattern() {
    return database.replace("_", "\\_");
  }

  private String secret() {
    return "'" + password.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  @Override
  public String toString() {
    return "database " + database + " for " + user;
  }
}
