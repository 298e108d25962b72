package io.hayloft.tracker.store.jdbc;

import java.time.Duration;

/**
 * Which database, and how hard to try.
 *
 * @param url a JDBC address; parameters in it win over those that the stores would choose
 * @param poolSize connections at most, 1 or more
 * @param timeout after which a database that does not answer counts as unavailable: for getting a
 *     connection, and for each statement
 */
public record DatabaseConfig(
    String url, String user, String password, int poolSize, Duration timeout) {

  public static final int DEFAULT_POOL_SIZE = 16;

  /** Such that a caller hears within three seconds that the database is gone. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(500);

  public DatabaseConfig {
    if (poolSize < 1) {
      throw new IllegalArgumentException("a pool has 1 connection or more, not " + poolSize);
    }
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0) {
      throw new IllegalArgumentException(
          "the timeout of the database is 500 ms or more, not " + timeout);
    }
  }

  public static DatabaseConfig of(String url, String user, String password) {
    return new DatabaseConfig(url, user, password, DEFAULT_POOL_SIZE, DEFAULT_TIMEOUT);
  }

  /** The address without its parameters and without the account. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
