package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.LeaseStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeaseStoreTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final LeaseStore leases = fixture.stores().leases();

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @Test
  void aLeaseIsHeldByOneAndMayBeRenewed() {
    assertThat(leases.acquire("fsck", "a", LONG)).isTrue();
    assertThat(leases.acquire("fsck", "b", LONG)).isFalse();
    assertThat(leases.acquire("fsck", "a", LONG)).isTrue();
    assertThat(leases.acquire("reaper", "b", LONG)).isTrue();
  }

  @Test
  void aLeaseThatWasGivenUpIsFree() {
    leases.acquire("fsck", "a", LONG);

    leases.release("fsck", "b");
    assertThat(leases.acquire("fsck", "b", LONG)).isFalse();
    leases.release("fsck", "a");

    assertThat(leases.acquire("fsck", "b", LONG)).isTrue();
    leases.release("never taken", "a");
  }

  @Test
  void aLeaseEndsByItself() {
    leases.acquire("fsck", "a", SHORT);

    await().until(() -> leases.acquire("fsck", "b", LONG));
    assertThat(leases.acquire("fsck", "a", LONG)).isFalse();
  }

  @Test
  void theTokenGrowsWithEachChangeOfOwner() throws SQLException {
    leases.acquire("fsck", "a", LONG);
    leases.acquire("fsck", "a", LONG);
    assertThat(fixture.query("SELECT token FROM hayloft_lease")).containsExactly("1");
    leases.release("fsck", "a");

    leases.acquire("fsck", "b", LONG);

    assertThat(fixture.query("SELECT token FROM hayloft_lease")).containsExactly("2");
  }

  @Test
  void ofManyWhoWantALeaseOneGetsIt() throws Exception {
    for (int round = 0; round < 5; round++) {
      var name = "lease" + round;
      var answers =
          together(
              IntStream.range(0, 10)
                  .mapToObj(i -> (Callable<Boolean>) () -> leases.acquire(name, "owner" + i, LONG))
                  .toList());

      assertThat(answers).filteredOn(got -> got).hasSize(1);
    }
  }

  @Test
  void aDiscardedLeaseLeavesNoTraceAndOnlyItsOwnerDiscardsIt() throws Exception {
    leases.acquire("fid:1", "a", LONG);

    leases.discard("fid:1", "b");
    assertThat(leases.acquire("fid:1", "b", LONG)).isFalse();
    leases.discard("fid:1", "a");

    assertThat(leases.acquire("fid:1", "b", LONG)).isTrue();
    leases.discard("fid:1", "b");
    assertThat(fixture.query("SELECT name FROM hayloft_lease")).isEmpty();
  }
}
