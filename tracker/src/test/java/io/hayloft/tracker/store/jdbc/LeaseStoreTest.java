package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.LeaseStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
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

  @Test
  void ofManyLeasesThoseAreTakenThatNobodyElseHas() throws Exception {
    leases.acquire("fid:2", "b", LONG);
    leases.acquire("fid:3", "b", SHORT);
    await().until(() -> leases.acquireAll(List.of("fid:3"), "c", LONG).size() == 1);

    assertThat(leases.acquireAll(List.of("fid:1", "fid:2", "fid:3"), "a", LONG))
        .containsExactly("fid:1");
    assertThat(leases.acquire("fid:1", "b", LONG)).isFalse();
    assertThat(leases.acquireAll(List.of("fid:1", "fid:4"), "a", LONG)).hasSize(2);
    assertThat(fixture.query("SELECT name, owner, token FROM hayloft_lease ORDER BY name"))
        .containsExactly("fid:1 a 1", "fid:2 b 1", "fid:3 c 2", "fid:4 a 1");
    leases.discardAll(List.of("fid:1", "fid:2", "fid:4"), "a");

    assertThat(fixture.query("SELECT name FROM hayloft_lease ORDER BY name"))
        .containsExactly("fid:2", "fid:3");
  }

  /** Two who take the same leases at once, in different orders, share them out without overlap. */
  @Test
  void ofManyWhoWantManyLeasesOneGetsEach() throws Exception {
    for (int round = 0; round < 5; round++) {
      var names = IntStream.range(0, 200).mapToObj(i -> "fid:" + i).toList();
      leases.discardAll(names, "owner0");
      var answers =
          together(
              IntStream.range(0, 6)
                  .mapToObj(
                      i ->
                          (Callable<Set<String>>)
                              () -> {
                                var mine = new ArrayList<>(names.subList(i * 10, 100 + i * 20));
                                Collections.shuffle(mine, new Random(i));
                                return leases.acquireAll(mine, "owner" + i, LONG);
                              })
                  .toList());

      var all = answers.stream().flatMap(Set::stream).toList();
      assertThat(all).doesNotHaveDuplicates().hasSize(200);
      for (int i = 0; i < 6; i++) {
        leases.discardAll(names, "owner" + i);
      }
    }
  }
}
