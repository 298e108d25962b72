package io.hayloft.tracker.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the pool of connections. It never fails for want of a database: using it does. */
final class Pool {

  /** Kept open by a tracker with nothing to do. */
  private static final int IDLE = 4;

  private static final Duration VALIDATION = Duration.ofMillis(500);
  private static final Duration MAX_LIFE = Duration.ofMinutes(20);
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(2);

  /**
   * The strict mode of MySQL 8, said by ourselves because servers differ. Waiting for a row lock
   * must end before the socket's time is over, else nobody hears what the matter was.
   */
  private static final String SESSION =
      "sql_mode='ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
          + "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',innodb_lock_wait_timeout=";

  /** Statements that are sent together: a {@link Script} needs it, whatever the address says. */
  private static final String SEVERAL = "allowMultiQueries";

  private Pool() {}

  static HikariDataSource open(DatabaseConfig database, MeterRegistry meters) {
    return open("hayloft", IDLE, database, meters);
  }

  /** A pool that connects only when it is used, so that a server that is away is left alone. */
  static HikariDataSource openIdle(String name, DatabaseConfig database, MeterRegistry meters) {
    return open(name, 0, database, meters);
  }

  private static HikariDataSource open(
      String name, int idle, DatabaseConfig database, MeterRegistry meters) {
    return new HikariDataSource(config(name, idle, database, meters));
  }

  static HikariConfig config(String name, int idle, DatabaseConfig database, MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(
        database.url().replaceAll("([?&])" + SEVERAL + "=[^&]*", "$1" + SEVERAL + "=true"));
    config.setUsername(database.user());
    config.setPassword(database.password());
    config.setMaximumPoolSize(database.poolSize());
    config.setMinimumIdle(Math.min(idle, database.poolSize()));
    config.setConnectionTimeout(database.timeout().toMillis());
    config.setValidationTimeout(Math.min(VALIDATION.toMillis(), database.timeout().toMillis() / 2));
    config.setMaxLifetime(MAX_LIFE.toMillis());
    config.setKeepaliveTime(KEEP_ALIVE.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
    parameters(database).forEach(config::addDataSourceProperty);
    return config;
  }

  /** What the driver is told; the address's own parameters win. */
  private static Map<String, String> parameters(DatabaseConfig database) {
    var timeout = Long.toString(database.timeout().toMillis());
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("connectTimeout", timeout);
    parameters.put("socketTimeout", timeout);
    parameters.put("tcpKeepAlive", "true");
    parameters.put("sessionVariables", SESSION + lockWaitSeconds(database.timeout()));
    // One char is one byte, there and back.
    parameters.put("characterEncoding", "ISO-8859-1");
    parameters.put("characterSetResults", "ISO-8859-1");
    parameters.put(SEVERAL, "true");
    parameters.put("useServerPrepStmts", "true");
    parameters.put("cachePrepStmts", "true");
    parameters.put("prepStmtCacheSize", "200");
    parameters.put("prepStmtCacheSqlLimit", "16384");
    parameters.put("rewriteBatchedStatements", "true");
    parameters.put("useLocalSessionState", "true");
    // Else the driver reads the clock for each row, so that its messages can tell of the last one.
    parameters.put("maintainTimeStats", "false");
    // The strict sql_mode above does what this would, without a round trip per warning.
    parameters.put("jdbcCompliantTruncation", "false");
    // With several hosts: a fail-over must not end in a connection that refuses every write.
    parameters.put("failOverReadOnly", "false");
    parameters.put("queriesBeforeRetrySource", "0");
    parameters.put("secondsBeforeRetrySource", "0");
    parameters.keySet().removeIf(name -> database.url().matches(".*[?&]" + name + "=.*"));
    return parameters;
  }

  private static long lockWaitSeconds(Duration timeout) {
    return Math.max(1, timeout.minusMillis(500).toSeconds());
  }
}
