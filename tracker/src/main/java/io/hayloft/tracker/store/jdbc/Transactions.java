package io.hayloft.tracker.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.ChangeListener.Announcement;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import io.hayloft.tracker.store.group.Batch;
import io.hayloft.tracker.store.group.Gathering;
import io.hayloft.tracker.store.group.Gatherings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work on a connection, as one transaction or as statements that each stand for themselves.
 *
 * <p>Work that lost against another transaction is rolled back and run again, so it must have no
 * effect outside the database. That ends after {@value #ATTEMPTS} attempts or some seconds,
 * whichever is first. Nothing else is run again: when the connection breaks during the commit, the
 * outcome is unknown, and only the caller can find it out.
 */
final class Transactions {

  private static final Logger log = LoggerFactory.getLogger(Transactions.class);
  private static final int ATTEMPTS = 20;
  private static final Duration ATTEMPTS_TIME = Duration.ofMillis(2500);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMinutes(2);

  /** What to do on a connection. */
  interface Work<T> {
    T in(Session session) throws SQLException;
  }

  /** Looks for what work has left in the database. */
  interface Evidence<T> {
    boolean of(T result, Session session) throws SQLException;
  }

  private enum Mode {
    TRANSACTION("START TRANSACTION"),
    SNAPSHOT("START TRANSACTION WITH CONSISTENT SNAPSHOT"),
    SINGLE(""),
    LONG_SINGLE("");

    private final String begin;

    Mode(String begin) {
      this.begin = begin;
    }
  }

  private final HikariDataSource pool;
  private final Time time;
  private final RandomGenerator random;
  private final Counter retries;
  private final ChangeListener listener;
  private final Gatherings gatherings;
  private final StatementTimes statements;

  /** Transactions that tell nobody what they change. */
  Transactions(HikariDataSource pool, Time time, RandomGenerator random, MeterRegistry meters) {
    this(pool, time, random, meters, ChangeListener.NONE, Gatherings.usual(Runnable::run, time));
  }

  /**
   * @param gatherings made here, of requests that share transactions
   */
  Transactions(
      HikariDataSource pool,
      Time time,
      RandomGenerator random,
      MeterRegistry meters,
      ChangeListener listener,
      Gatherings gatherings) {
    this.pool = pool;
    this.listener = listener;
    this.gatherings = gatherings;
    this.time = time;
    this.random = random;
    this.statements = new StatementTimes(pool.getPoolName(), time, meters);
    this.retries =
        Counter.builder("hayloft.store.retries")
            .description("Transactions run again because they lost against another one")
            .register(meters);
  }

  /** The clock that attempts are timed by. */
  Time time() {
    return time;
  }

  /** Requests of one kind that share transactions. */
  <Q, A> Gathering<Q, A> gathering(
      Batch<Q, A> batch, Function<Q, Collection<?>> touches, Gathering.Room room) {
    return gatherings.gathering(batch, touches, room);
  }

  /** All or nothing. */
  <T> T run(Work<T> work) {
    return persist(Mode.TRANSACTION, work);
  }

  /**
   * As {@link #run(Work)}; where the connection breaks during the commit, what the work came to is
   * told if it can be seen that it was done.
   *
   * @param seen whether the database shows what the work came to
   */
  <T> T run(Work<T> work, Evidence<T> seen) {
    var last = new AtomicReference<@Nullable T>();
    try {
      return run(
          session -> {
            last.set(null);
            var result = work.in(session);
            last.set(result);
            return result;
          });
    } catch (StoreException e) {
      var result = last.get();
      if (e.getCause() instanceof UnknownCommitException
          && result != null
          && single(session -> seen.of(result, session))) {
        return result;
      }
      throw e;
    }
  }

  /** Reads that all see the database as of one moment. */
  <T> T snapshot(Work<T> work) {
    return persist(Mode.SNAPSHOT, work);
  }

  /** Each statement is a transaction: for work of one statement, which saves two round trips. */
  <T> T single(Work<T> work) {
    return persist(Mode.SINGLE, work);
  }

  /** As {@link #single}, for statements that touch many rows and may take a minute. */
  <T> T longSingle(Work<T> work) {
    return persist(Mode.LONG_SINGLE, work);
  }

  private <T> T persist(Mode mode, Work<T> work) {
    try (var _ = Phases.begin(Phase.DATABASE)) {
      return persisted(mode, work);
    }
  }

  private <T> T persisted(Mode mode, Work<T> work) {
    long started = time.nanoTime();
    for (int attempt = 1; ; attempt++) {
      try {
        return once(mode, work);
      } catch (SQLException e) {
        var cause = SqlFailure.cause(e);
        boolean again =
            cause == Cause.CONFLICT
                && attempt < ATTEMPTS
                && time.since(started).compareTo(ATTEMPTS_TIME) < 0;
        if (!again) {
          throw new StoreException(cause, message(cause, attempt, e), e);
        }
        log.debug("attempt {} lost: {}", attempt, e.getMessage());
        retries.increment();
        pause(attempt);
      }
    }
  }

  private static String message(Cause cause, int attempts, SQLException e) {
    return switch (cause) {
      case DUPLICATE -> "taken already: " + e.getMessage();
      case UNAVAILABLE -> "the database is unavailable: " + e.getMessage();
      case CONFLICT -> "lost %d times against other transactions: %s".formatted(attempts, e);
      case BROKEN -> "the database refused a statement: " + e.getMessage();
      case BUSY -> throw new IllegalStateException("nothing that was begun is refused", e);
    };
  }

  /** Those who lost together must not all come back together. */
  private void pause(int attempt) {
    long most = Math.min(LONGEST_PAUSE.toMillis(), 1L << Math.min(attempt, 10));
    try {
      time.sleep(Duration.ofNanos(random.nextLong(1 + Duration.ofMillis(most).toNanos())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Cause.UNAVAILABLE, "interrupted while waiting to try again", e);
    }
  }

  /** Whoever was told of the changes hears of their end when the connection is given back. */
  private <T> T once(Mode mode, Work<T> work) throws SQLException {
    var told = new AtomicReference<@Nullable Announcement>();
    T result;
    try (var connection = pool.getConnection()) {
      result = on(connection, mode, work, told);
    } catch (UnknownCommitException e) {
      ended(told.get(), false);
      throw e;
    }
    ended(told.get(), true);
    return result;
  }

  private static void ended(@Nullable Announcement announcement, boolean certain) {
    if (announcement != null) {
      announcement.ended(certain);
    }
  }

  private <T> T on(
      Connection connection, Mode mode, Work<T> work, AtomicReference<@Nullable Announcement> told)
      throws SQLException {
    try {
      return switch (mode) {
        case SINGLE -> work.in(new Session(connection, statements));
        case LONG_SINGLE -> {
          connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONG.toMillis()));
          yield work.in(new Session(connection, statements));
        }
        case TRANSACTION, SNAPSHOT -> within(connection, mode, work, told);
      };
    } catch (SQLException e) {
      if (SqlFailure.spoilsConnection(e)) {
        pool.evictConnection(connection);
      }
      throw e;
    }
  }

  private <T> T within(
      Connection connection, Mode mode, Work<T> work, AtomicReference<@Nullable Announcement> told)
      throws SQLException {
    var session = new Session(connection, statements);
    if (mode == Mode.SNAPSHOT) {
      session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }
    session.later(new Script().add(mode.begin));
    boolean ended = false;
    try {
      var result = work.in(session);
      if (!session.isRollbackOnly()) {
        told.set(announce(session));
        commit(session);
        ended = true;
      }
      return result;
    } finally {
      if (!ended) {
        rollback(session, connection);
      }
    }
  }

  private @Nullable Announcement announce(Session session) throws SQLException {
    var changes = session.changes();
    if (changes.isEmpty()) {
      return null;
    }
    session.flush();
    var announcement = listener.announce(changes);
    for (var setting : announcement.raise().stream().sorted().toList()) {
      Settings.increment(session, setting);
    }
    return announcement;
  }

  private static void commit(Session session) throws SQLException {
    try {
      session.execute("COMMIT");
    } catch (SQLException e) {
      throw SqlFailure.cause(e) == Cause.UNAVAILABLE ? new UnknownCommitException(e) : e;
    }
  }

  /** A connection that cannot even roll back is not used again; closing it rolls back. */
  private void rollback(Session session, Connection connection) {
    try {
      session.forget();
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      log.debug("a connection is given up because it did not roll back", e);
      pool.evictConnection(connection);
    }
  }
}
