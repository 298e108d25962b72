package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TransactionsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HikariDataSource pool =
      Pool.open(DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()), meters);
  private final Transactions transactions =
      new Transactions(pool, Time.system(), Randomness.SYSTEM, meters);

  @BeforeEach
  void twoRows() throws SQLException {
    sql("DROP TABLE IF EXISTS t");
    sql("CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB");
    sql("INSERT INTO t VALUES (1, 0), (2, 0)");
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var jdbc = connection.createStatement()) {
      jdbc.execute(statement);
    }
  }

  private int sum() {
    return transactions.single(
        session -> session.one(row -> row.small(1), "SELECT SUM(n) FROM t").orElseThrow());
  }

  private static int add(Session session, int id) throws SQLException {
    return session.update("UPDATE t SET n = n + 1 WHERE id = ?", id);
  }

  @Test
  void whoLosesADeadlockRunsAgain() throws Exception {
    var bothHold = new CyclicBarrier(2);
    var attempts = new AtomicInteger();

    together(List.of(crossing(1, 2, bothHold, attempts), crossing(2, 1, bothHold, attempts)));

    assertThat(sum()).isEqualTo(4);
    assertThat(attempts).hasValueGreaterThan(2);
    assertThat(meters.counter("hayloft.store.retries").count()).isPositive();
  }

  private Callable<Integer> crossing(
      int first, int second, CyclicBarrier bothHold, AtomicInteger attempts) {
    return () ->
        transactions.run(
            session -> {
              add(session, first);
              if (attempts.incrementAndGet() <= 2) {
                try {
                  bothHold.await();
                } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
                  throw new IllegalStateException(e);
                }
              }
              return add(session, second);
            });
  }

  /** As the nodes of a cluster of databases do: no statement fails, only the commit. */
  @Test
  void whatIsLostAtCommitIsRunAgain() throws SQLException {
    var attempts = new AtomicInteger();
    try (var cluster = new HikariDataSource(CommitConflict.once(DATABASE))) {
      new Transactions(cluster, Time.system(), Randomness.SYSTEM, meters)
          .run(
              session -> {
                attempts.incrementAndGet();
                return add(session, 1);
              });
    }

    assertThat(sum()).isEqualTo(1);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void losingAlwaysIsAConflictInTheEnd() {
    long started = Time.system().nanoTime();

    assertThatThrownBy(
            () ->
                transactions.run(
                    session -> {
                      add(session, 1);
                      throw new LostRaceException("always", new SQLException());
                    }))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.CONFLICT));

    assertThat(Time.system().since(started)).isLessThan(Duration.ofSeconds(5));
    assertThat(sum()).isZero();
  }

  @Test
  void aLockThatIsNeverGivenBackIsAConflictSoon() throws SQLException {
    try (var other = DATABASE.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE t SET n = 5 WHERE id = 1");
      long started = Time.system().nanoTime();

      assertThatThrownBy(() -> transactions.run(session -> add(session, 1)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.CONFLICT));

      assertThat(Time.system().since(started)).isLessThan(Duration.ofSeconds(6));
      other.rollback();
    }
  }

  @Test
  void whatWasDoneBeforeAFailureIsUndone() {
    assertThatThrownBy(
            () ->
                transactions.run(
                    session -> {
                      add(session, 1);
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    transactions.run(
        session -> {
          session.rollbackOnly();
          return add(session, 2);
        });

    assertThat(sum()).isZero();
  }

  @Test
  void whatIsTakenAndWhatIsWrongAreToldApart() {
    assertThatThrownBy(
            () -> transactions.single(session -> session.update("INSERT INTO t VALUES (1, 1)")))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.DUPLICATE));
    assertThatThrownBy(
            () -> transactions.single(session -> session.update("INSERT INTO nowhere VALUES (1)")))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.BROKEN));
  }

  @Test
  void aValueThatDoesNotFitIsAnErrorNotCut() {
    assertThatThrownBy(
            () ->
                transactions.single(
                    session -> session.update("INSERT INTO t VALUES (?, 1)", 9_999_999_999L)))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aSnapshotSeesOneMoment() {
    var sums =
        transactions.snapshot(
            session -> {
              int before = session.one(row -> row.small(1), "SELECT SUM(n) FROM t").orElseThrow();
              sql("UPDATE t SET n = 100");
              return List.of(
                  before, session.one(row -> row.small(1), "SELECT SUM(n) FROM t").orElseThrow());
            });

    assertThat(sums).containsExactly(0, 0);
    assertThat(sum()).isEqualTo(200);
  }

  @Test
  void theVersionsThatSkipLockedRowsAreKnown() {
    assertThat(List.of("8.0.36", "9.7.0-debian", "5.5.5-10.11.6-MariaDB", "11.4.5-MariaDB-log"))
        .allMatch(DatabaseFacts::skipsLocked);
    assertThat(List.of("5.7.44", "10.5.2-MariaDB", "5.5.68-MariaDB", "odd"))
        .noneMatch(DatabaseFacts::skipsLocked);
  }
}
