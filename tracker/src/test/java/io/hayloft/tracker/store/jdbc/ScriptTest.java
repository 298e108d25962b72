package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.StoreException;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements that are sent together do what they would do one by one. */
class ScriptTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String INSERT = "INSERT INTO script (n, k) VALUES ??";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HikariDataSource pool =
      Pool.open(DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()), meters);
  private final Transactions transactions =
      new Transactions(pool, Time.system(), Randomness.SYSTEM, meters);

  @BeforeEach
  void table() {
    transactions.single(
        session -> {
          session.execute("DROP TABLE IF EXISTS script");
          session.execute(
              "CREATE TABLE script (n BIGINT PRIMARY KEY, k VARBINARY(255)) ENGINE=InnoDB");
          return true;
        });
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private List<String> stored() {
    return transactions.single(
        session -> session.list(row -> row.text(2), "SELECT n, k FROM script ORDER BY n"));
  }

  private static Script inserting(String... keys) {
    var rows = IntStream.range(0, keys.length).mapToObj(i -> List.<Object>of(i, keys[i])).toList();
    return new Script().addEach(INSERT, "(?, ?)", rows);
  }

  @Test
  void everyByteIsStoredAndFoundAsItIs() {
    var all = IntStream.range(0, 256).mapToObj(i -> Character.toString((char) i)).toList();
    var keys =
        List.of(
            all.stream().collect(Collectors.joining()).substring(0, 255),
            "",
            "plain/key-1.txt",
            "it's",
            "\\",
            "\\'; DROP TABLE script; -- ",
            "'",
            "?",
            "??",
            "{d '2001-01-01'}",
            "\"",
            "`",
            "%",
            "caf\u00e9 \u00ff");

    transactions.run(
        session -> {
          session.run(inserting(keys.toArray(String[]::new)));
          return true;
        });

    assertThat(stored()).isEqualTo(keys);
    transactions.single(
        session -> {
          for (var key : keys) {
            var script = new Script();
            var found =
                script.list(
                    row -> row.text(1),
                    "SELECT k FROM script WHERE (k) IN (??)",
                    "?",
                    List.of(List.of(new Key(key.isEmpty() ? "plain/key-1.txt" : key))));
            session.run(script);
            assertThat(found.outcome()).containsExactly(key.isEmpty() ? "plain/key-1.txt" : key);
          }
          return true;
        });
    for (var each : all) {
      assertThat(inserting(each).text()).as(each).matches("[ -~]*");
    }
  }

  @Test
  void eachStatementHasItsOutcome() {
    transactions.run(
        session -> {
          var script = new Script().add("SELECT 7");
          var inserted =
              script.update(INSERT, "(?, ?)", List.of(List.of(1, "a"), List.of(2L, "b")));
          var read = script.list(row -> row.text(1), "SELECT k FROM script ORDER BY n");
          var none = script.list(row -> row.text(1), "SELECT k FROM script WHERE n > 5");
          var deleted =
              script.update("DELETE FROM script WHERE n IN (??)", "?", List.of(List.of(2)));
          session.run(script);

          assertThat(inserted.outcome()).isEqualTo(2);
          assertThat(read.outcome()).containsExactly("a", "b");
          assertThat(none.outcome()).isEmpty();
          assertThat(deleted.outcome()).isEqualTo(1);
          return true;
        });
    assertThat(stored()).containsExactly("a");
  }

  @Test
  void whatIsLeftForLaterIsDoneBeforeTheNextStatementAndAtTheLatestWithTheCommit() {
    transactions.run(
        session -> {
          session.later(inserting("a", "b"));
          assertThat(session.list(row -> row.number(1), "SELECT COUNT(*) FROM script"))
              .containsExactly(2L);
          session.later(new Script().add("UPDATE script SET k = 'c' WHERE n = 1"));
          return true;
        });

    assertThat(stored()).containsExactly("a", "c");
  }

  @Test
  void theAddressCannotForbidIt() {
    var url = DATABASE.url() + (DATABASE.url().contains("?") ? "&" : "?");
    var database =
        DatabaseConfig.of(
            url + "allowMultiQueries=false&useSSL=false", DATABASE.user(), DATABASE.password());
    try (var forbidding = Pool.open(database, new SimpleMeterRegistry())) {
      assertThat(
              new Transactions(forbidding, Time.system(), Randomness.SYSTEM, meters)
                  .<Boolean>run(
                      session -> {
                        session.run(inserting("a"));
                        return true;
                      }))
          .isTrue();
    }

    assertThat(stored()).containsExactly("a");
  }

  @Test
  void whatFailsLateUndoesAllAndIsHeardOf() {
    assertThatThrownBy(
            () ->
                transactions.run(
                    session -> {
                      session.run(inserting("a"));
                      session.later(inserting("b"));
                      return true;
                    }))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.why()).isEqualTo(StoreException.Cause.DUPLICATE));

    assertThat(stored()).isEmpty();
  }

  @Test
  void whatIsLeftForLaterIsNotDoneWhereNothingShallStay() {
    transactions.run(
        session -> {
          session.later(inserting("a"));
          session.rollbackOnly();
          return true;
        });

    assertThat(stored()).isEmpty();
  }

  @Test
  void itIsTimedUnderItsTextWithoutItsValues() throws SQLException {
    transactions.run(
        session -> {
          session.run(inserting("secret", "other"));
          return true;
        });

    assertThat(meters.find(StatementTimes.METER).functionTimers())
        .extracting(timer -> timer.getId().getTag("statement"))
        .contains("START TRANSACTION; " + INSERT, "COMMIT")
        .noneMatch(name -> String.valueOf(name).contains("secret"));
    assertThat(
            meters.find(StatementTimes.METER).functionTimers().stream()
                .mapToDouble(FunctionTimer::count)
                .sum())
        .isPositive();
  }

  @Test
  void whatWasNotCarriedOutHasNoOutcome() {
    var step = new Script().update(INSERT, "(?, ?)", List.of(List.of(1, "a")));

    assertThatThrownBy(step::outcome).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Script().update(INSERT, "(?)", List.of(List.of(1, "a"))))
        .isInstanceOf(IllegalStateException.class);
  }
}
