package io.hayloft.cli.daemon;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A JDBC address in its parts.
 *
 * @param server up to the slash before the database's name
 * @param database the name
 * @param parameters from the question mark on, empty where there are none
 */
record DatabaseAddress(String server, String database, String parameters) {

  private static final Pattern URL = Pattern.compile("(jdbc:[a-z+]+://[^/?]+/)([^/?]+)(\\?.*)?");

  /** Empty when it names no database. */
  static Optional<DatabaseAddress> parse(String url) {
    var matcher = URL.matcher(url);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var parameters = matcher.group(3);
    return Optional.of(
        new DatabaseAddress(
            matcher.group(1), matcher.group(2), parameters == null ? "" : parameters));
  }

  /** The address of the server, where the database need not be yet. */
  String serverUrl() {
    return server + parameters;
  }

  @Override
  public String toString() {
    return server + database;
  }
}
