package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.finished;
import static io.hayloft.tracker.store.jdbc.StoreFixture.opening;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Key;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.FaultyProxy;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseOutageTest {

  private static final Duration SOON = Duration.ofSeconds(3);
  private static final Key KEY = new Key("key");

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final FaultyProxy proxy;
  private final JdbcStores jdbc;
  private final Stores stores;

  DatabaseOutageTest() throws IOException {
    proxy = FaultyProxy.before(DATABASE.url());
    jdbc =
        JdbcStores.open(
            DatabaseConfig.of(proxy.through(DATABASE.url()), DATABASE.user(), DATABASE.password()),
            new SimpleMeterRegistry(),
            ChangeListener.NONE,
            Thread::startVirtualThread);
    stores = jdbc.stores();
  }

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void oneFile() throws SQLException {
    fixture.empty();
    fixture.stored("key");
    assertThat(isThere()).isTrue();
  }

  @AfterEach
  void close() throws IOException, SQLException {
    jdbc.close();
    proxy.close();
    fixture.close();
  }

  @Test
  void aDatabaseThatIsGoneIsSaidSoSoonAndUsedAgainWhenItIsBack() throws Exception {
    proxy.refuse();

    failsSoon();
    proxy.pass();

    await().atMost(Duration.ofSeconds(10)).until(this::isThere);
  }

  @Test
  void aDatabaseThatHangsIsSaidSoSoonAndUsedAgainWhenItIsBack() throws Exception {
    proxy.freeze();

    failsSoon();
    proxy.pass();

    await().atMost(Duration.ofSeconds(10)).until(this::isThere);
  }

  @Test
  void whoWaitsForAHangingDatabaseTogetherFailsTogether() throws Exception {
    proxy.freeze();
    Callable<Boolean> call =
        () -> {
          failsSoon();
          return true;
        };

    assertThat(together(Collections.nCopies(40, call))).hasSize(40);
  }

  @Test
  void aCutConnectionFailsOneCallAtMost() {
    proxy.cut();

    await().atMost(Duration.ofSeconds(5)).until(this::isThere);
  }

  @Test
  void aClosingWhoseEndIsNotKnownIsLookedFor() throws SQLException {
    var old = fixture.query("SELECT fid FROM file").getFirst();
    var fid = stores.uploads().open(opening("key", DEV1), Optional.empty()).orElseThrow();
    proxy.cutAfter("COMMIT");

    var closing = stores.uploads().close(finished(fid, "key"));

    assertThat(closing).isInstanceOf(Closing.Closed.class);
    assertThat(((Closing.Closed) closing).replaced().map(Object::toString)).contains(old);
    assertThat(fixture.query("SELECT fid FROM file")).containsExactly(fid.toString());
  }

  @Test
  void aTransactionThatWasCutBeforeItsCommitLeavesNothing() throws Exception {
    var fid = stores.uploads().open(opening("new", DEV1), Optional.empty()).orElseThrow();
    proxy.cutAfter("START TRANSACTION");

    assertThatThrownBy(() -> stores.uploads().close(finished(fid, "new")))
        .isInstanceOf(StoreException.class);
    proxy.pass();

    assertThat(fixture.query("SELECT fid FROM file_on WHERE fid = " + fid)).isEmpty();
    await().atMost(Duration.ofSeconds(5)).until(this::isThere);
    assertThat(stores.uploads().close(finished(fid, "new"))).isInstanceOf(Closing.Closed.class);
  }

  @Test
  void openingWithoutADatabaseWorksOnceThereIsOne() throws Exception {
    proxy.refuse();
    try (var early =
        JdbcStores.open(
            DatabaseConfig.of(proxy.through(DATABASE.url()), DATABASE.user(), DATABASE.password()),
            new SimpleMeterRegistry(),
            ChangeListener.NONE,
            Thread::startVirtualThread)) {
      assertThatThrownBy(() -> early.stores().files().find(DOMAIN, KEY))
          .isInstanceOf(StoreException.class);
      proxy.pass();

      await()
          .atMost(Duration.ofSeconds(10))
          .ignoreExceptions()
          .until(() -> early.stores().files().find(DOMAIN, KEY).isPresent());
    }
  }

  private void failsSoon() {
    for (var call :
        List.<Runnable>of(
            () -> stores.files().locate(DOMAIN, KEY), () -> stores.files().delete(DOMAIN, KEY))) {
      long started = Time.system().nanoTime();
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.UNAVAILABLE));
      assertThat(Time.system().since(started)).isLessThan(SOON);
    }
  }

  private boolean isThere() {
    try {
      return stores.files().find(DOMAIN, KEY).isPresent();
    } catch (StoreException e) {
      return false;
    }
  }
}
