package io.hayloft.schema;

import io.hayloft.schema.SchemaStatus.Migration;
import io.hayloft.schema.SchemaStatus.State;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of one database: what state they are in, and bringing them to the state that this
 * version works on.
 *
 * <p>An empty database gets all tables. One that MogileFS made is adopted: its tables stay
 * untouched, whatever the width of their fids and their collation, and only tables of our own are
 * added. A database with other people's tables, or of a MogileFS of another version, is refused.
 *
 * <p>Any number of processes may migrate one database at the same time: they take turns.
 */
public final class Schema {

  /** The version of MogileFS's tables that this version works on. */
  public static final String MOGILEFS_VERSION = "17";

  static final String HISTORY_TABLE = "hayloft_schema_history";

  private static final Logger log = LoggerFactory.getLogger(Schema.class);
  private static final int ATTEMPTS = 5;

  private final String url;
  private final String user;
  private final String password;

  private Schema(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** The tables behind a JDBC address; nothing is connected to yet. */
  public static Schema of(String url, String user, String password) {
    return new Schema(url, user, password);
  }

  /**
   * Brings a database to the state of this version.
   *
   * @throws SchemaException when it must not be touched, or cannot be reached
   */
  public static MigrationResult migrate(String url, String user, String password) {
    return of(url, user, password).migrate();
  }

  /**
   * What is in a database; nothing is changed.
   *
   * @throws SchemaException when it cannot be reached
   */
  public static SchemaStatus status(String url, String user, String password) {
    return of(url, user, password).status();
  }

  /**
   * Returns when a program may work on the database.
   *
   * @throws SchemaException otherwise, with what to run
   */
  public static void require(String url, String user, String password) {
    of(url, user, password).require();
  }

  private SchemaStatus status() {
    var tables = inspect();
    var found = flyway(false).info();
    var migrations =
        Arrays.stream(found.all())
            .filter(info -> info.getVersion() != null && !isUnknown(info))
            .map(
                info ->
                    new Migration(
                        info.getVersion().getVersion(),
                        info.getDescription(),
                        isApplied(info.getState())))
            .toList();
    return tables.status(migrations, Arrays.stream(found.all()).anyMatch(Schema::isUnknown));
  }

  private static boolean isUnknown(MigrationInfo info) {
    return switch (info.getState()) {
      case FUTURE_SUCCESS, FUTURE_FAILED -> true;
      default -> false; // The library's states, of which only these mean a newer version.
    };
  }

  private static boolean isApplied(MigrationState state) {
    // What a baseline stands for is listed as ignored or below it, not as applied.
    return state != MigrationState.PENDING && !state.isFailed();
  }

  private MigrationResult migrate() {
    for (int attempt = 1; ; attempt++) {
      var before = status();
      if (!before.migratable()) {
        throw refusal(before);
      }
      if (before.state() == State.CURRENT) {
        return new MigrationResult(false, List.of());
      }
      boolean adopt = before.state() == State.ADOPTABLE;
      try {
        return apply(flyway(adopt), adopt);
      } catch (FlywayException e) {
        // Another process may have begun between our look and our first step; look again.
        if (attempt == ATTEMPTS || isDenied(e)) {
          throw new SchemaException(
              "The tables of %s could not be migrated: %s"
                  .formatted(place(), rootCause(e).getMessage())
                  .replaceAll("\\s*\\R\\s*", "; "),
              e);
        }
        log.info("migrating {} is tried again: {}", place(), e.getMessage());
      }
    }
  }

  /** The library wraps what the server said in many lines of its own. */
  private static Throwable rootCause(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The account may not do it, now or a second later. */
  private static boolean isDenied(FlywayException failure) {
    return rootCause(failure) instanceof SQLException refused
        && "42000".equals(refused.getSQLState());
  }

  private static MigrationResult apply(Flyway flyway, boolean adopt) {
    if (Arrays.stream(flyway.info().all()).anyMatch(info -> info.getState().isFailed())) {
      // Each statement can be run again, so what an earlier run left half done is no obstacle.
      flyway.repair();
    }
    var result = flyway.migrate();
    return new MigrationResult(
        adopt, result.migrations.stream().map(migration -> migration.version).toList());
  }

  private void require() {
    var status = status();
    if (status.state() != State.CURRENT) {
      throw refusal(status);
    }
  }

  private SchemaException refusal(SchemaStatus status) {
    var run = "run: hayloft db migrate --url " + place();
    return new SchemaException(
        switch (status.state()) {
          case EMPTY -> "The database " + place() + " has no tables yet; " + run;
          case ADOPTABLE ->
              "The database " + place() + " is a MogileFS database; to take it over, " + run;
          case BEHIND ->
              "The tables of " + place() + " are older than this version; stop nothing and " + run;
          case NEWER ->
              "The tables of "
                  + place()
                  + " were migrated by a newer version of Hayloft; install that version here too.";
          case OTHER_VERSION ->
              "The database %s has MogileFS schema version %s, and only %s can be taken over; bring it to %s with mogdbsetup first."
                  .formatted(place(), status.detail(), MOGILEFS_VERSION, MOGILEFS_VERSION);
          case FOREIGN ->
              "The database %s has other tables in it (%s); create an empty database for Hayloft."
                  .formatted(place(), status.detail());
          case CURRENT -> throw new IllegalStateException("a current schema is not refused");
        });
  }

  private TableSurvey inspect() {
    try {
      return TableSurvey.of(url, user, password);
    } catch (SQLException e) {
      throw new SchemaException(
          "The database %s cannot be read (%s).".formatted(place(), e.getMessage()), e);
    }
  }

  private Flyway flyway(boolean adopt) {
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(url, user, password)
        .locations("classpath:db/migration")
        .table(HISTORY_TABLE)
        .baselineVersion(MOGILEFS_VERSION)
        .baselineDescription("the tables of MogileFS, as they were found")
        .baselineOnMigrate(adopt)
        .cleanDisabled(true)
        .load();
  }

  /** The address without its parameters, among which there may be a password. */
  private String place() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
