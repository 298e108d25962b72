package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.StoredFile.Name;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeysAheadTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration AWHILE = Duration.ofSeconds(3);
  private static final int MANY = 200;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HikariDataSource pool =
      Pool.open(DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()), meters);
  private final ManualTime time = ManualTime.start();
  private final Transactions transactions = new Transactions(pool, time, Randomness.SYSTEM, meters);
  private final AtomicLong reads = new AtomicLong(1_000_000);
  private final KeysAhead ahead = new KeysAhead(transactions, new DatabaseFacts.Lazy(), reads::get);

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /**
   * Files that are stored.
   *
   * @param hundredth how many pages the server fetches from its disk for a hundred of them
   */
  private void store(int hundredth) {
    for (int i = 0; i < MANY; i++) {
      ahead.before(new Name(StoreFixture.DOMAIN, new Key("k" + i)));
    }
    reads.addAndGet(MANY * hundredth / 100);
    time.advance(AWHILE);
  }

  private long looks() {
    return statements("SELECT COUNT(*) FROM file");
  }

  /** How often a statement with such a beginning was sent. */
  private long statements(String beginning) {
    return meters.find("hayloft.store.statement").functionTimers().stream()
        .filter(timer -> statement(timer).startsWith(beginning))
        .mapToLong(timer -> Math.round(timer.count()))
        .sum();
  }

  private static String statement(FunctionTimer timer) {
    return String.valueOf(timer.getId().getTag("statement"));
  }

  @Test
  void keysAreReadAheadWhileTheIndexDoesNotFitIntoMemory() {
    store(60);
    store(60);
    assertThat(looks()).as("before it is known").isZero();

    store(60);
    assertThat(ahead.isDone()).isTrue();
    long whileLarge = looks();
    assertThat(whileLarge).isPositive();

    store(10);
    store(10);
    assertThat(ahead.isDone()).isFalse();
    long until = looks();
    store(10);
    assertThat(looks()).as("afterwards").isEqualTo(until);
  }

  @Test
  void whatIsInMemoryIsNotReadAhead() {
    for (int round = 0; round < 5; round++) {
      store(40);
    }
    assertThat(ahead.isDone()).isFalse();
    assertThat(looks()).isZero();
  }

  @Test
  void serverIsAskedHowOftenItWentToItsDisk() {
    var asked = new KeysAhead(transactions, new DatabaseFacts.Lazy());
    for (int i = 0; i < MANY; i++) {
      asked.before(new Name(StoreFixture.DOMAIN, new Key("k" + i)));
    }
    time.advance(AWHILE);
    asked.before(new Name(StoreFixture.DOMAIN, new Key("last")));
    assertThat(statements("SHOW GLOBAL STATUS")).isEqualTo(1);
  }

  @Test
  void readingAheadEndsWhenItFails() throws Exception {
    store(60);
    store(60);
    store(60);
    assertThat(ahead.isDone()).isTrue();
    pool.close();
    ahead.before(new Name(StoreFixture.DOMAIN, new Key("k")));
    assertThat(ahead.isDone()).isFalse();
  }

  @Test
  void whoDoesNotWaitStoresOnceTheKeyIsRead() {
    var stored = new AtomicInteger();
    for (int round = 1; round <= 4; round++) {
      for (int i = 0; i < MANY; i++) {
        ahead.before(new Name(StoreFixture.DOMAIN, new Key("k" + i)), stored::incrementAndGet);
      }
      assertThat(stored).as("round %d", round).hasValue(round * MANY);
      reads.addAndGet(MANY);
      time.advance(AWHILE);
    }
    assertThat(looks()).isPositive();

    pool.close();
    ahead.before(new Name(StoreFixture.DOMAIN, new Key("k")), stored::incrementAndGet);
    assertThat(stored).hasValue(4 * MANY + 1);
    assertThat(ahead.isDone()).isFalse();
  }

  @Test
  void databaseThatIsAwayIsForTheStoringToTell() {
    pool.close();
    ahead.before(new Name(StoreFixture.DOMAIN, new Key("k")));
    assertThat(ahead.isDone()).isFalse();
  }
}
