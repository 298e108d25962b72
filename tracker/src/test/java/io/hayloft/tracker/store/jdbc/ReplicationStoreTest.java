package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class ReplicationStoreTest {

  private static final Duration LEASE = Duration.ofSeconds(1000);
  private static final Checksum MD5 =
      Checksum.parse("MD5:5d41402abc4b2a76b9719d911017c592").orElseThrow();

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final ReplicationStore store = fixture.stores().replication();

  ReplicationStoreTest(Tables tables) {
    assertThat(tables).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
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
  void dueRowsAreClaimedOldestFirstAndOnce() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate VALUES (1, UNIX_TIMESTAMP() - 5, NULL, 2, 0),"
            + " (2, 0, 7, 0, 0), (3, UNIX_TIMESTAMP() + 500, NULL, 0, 0),"
            + " (4, UNIX_TIMESTAMP() - 50, NULL, 0, 0), (5, 2147483647, NULL, 0, 0)");

    var first = store.claim(2, LEASE);
    var second = store.claim(9, LEASE);

    assertThat(first).extracting(Queued::fid).containsExactly(new Fid(2), new Fid(4));
    assertThat(first.getFirst().from()).contains(new DeviceId(7));
    assertThat(second).extracting(Queued::fid).containsExactly(new Fid(1));
    assertThat(second.getFirst().failures()).isEqualTo(2);
    assertThat(second.getFirst().from()).isEmpty();
    assertThat(store.claim(9, LEASE)).isEmpty();
    assertThat(
            fixture.query(
                "SELECT fid FROM file_to_replicate WHERE nexttry BETWEEN UNIX_TIMESTAMP() + 990"
                    + " AND UNIX_TIMESTAMP() + 1000 ORDER BY fid"))
        .containsExactly("1", "2", "4");
  }

  @Test
  void aLeaseThatIsOverGivesTheRowBack() throws SQLException {
    store.enqueue(fids(1), Duration.ZERO);
    var lost = store.claim(1, LEASE.multipliedBy(2));
    fixture.sql("UPDATE file_to_replicate SET nexttry = UNIX_TIMESTAMP() - 1");

    assertThat(store.claim(1, LEASE)).extracting(Queued::fid).containsExactly(new Fid(1));
    store.settle(List.of(new Settlement.Done(lost.getFirst())));

    assertThat(queue()).containsExactly("1");
  }

  @Test
  void whoClaimsTogetherGetsDifferentRows() throws Exception {
    store.enqueue(fids(200), Duration.ZERO);
    Callable<List<Queued>> claims =
        () -> {
          var all = new ArrayList<Queued>();
          // A claim may get none while others hold what is due, so one that got none asks again.
          for (int empty = 0; empty < 50; ) {
            var claimed = store.claim(10, LEASE);
            all.addAll(claimed);
            empty = claimed.isEmpty() ? empty + 1 : 0;
          }
          return all;
        };

    var claimed =
        together(Collections.nCopies(4, claims)).stream()
            .flatMap(List::stream)
            .map(Queued::fid)
            .toList();

    assertThat(claimed).hasSize(200);
    assertThat(new HashSet<>(claimed)).hasSize(200);
  }

  @Test
  void settlingEndsPostponesOrGivesUp() throws SQLException {
    store.enqueue(fids(3), Duration.ZERO);
    var claimed = byFid(store.claim(3, LEASE));

    store.settle(
        List.of(
            new Settlement.Done(claimed.get(0)),
            new Settlement.Later(claimed.get(1), Duration.ofSeconds(60), 300),
            new Settlement.Stuck(claimed.get(2), 4)));

    assertThat(
            fixture.query(
                "SELECT fid, failcount FROM file_to_replicate WHERE nexttry"
                    + " BETWEEN UNIX_TIMESTAMP() + 50 AND UNIX_TIMESTAMP() + 60"))
        .containsExactly("2 255");
    assertThat(
            fixture.query(
                "SELECT fid, failcount FROM file_to_replicate WHERE nexttry = 2147483647"))
        .containsExactly("3 4");
    assertThat(queue()).hasSize(2);
  }

  @Test
  void manyAreSettledTogether() throws SQLException {
    store.enqueue(fids(300), Duration.ZERO);
    var claimed = byFid(store.claim(300, LEASE));

    store.settle(
        claimed.stream()
            .map(
                row ->
                    row.fid().value() % 2 == 0
                        ? new Settlement.Done(row)
                        : new Settlement.Later(row, Duration.ofSeconds(9), 1))
            .toList());

    assertThat(queue()).hasSize(150);
    assertThat(fixture.query("SELECT DISTINCT failcount FROM file_to_replicate"))
        .containsExactly("1");
  }

  @Test
  void aRowMadeDueMeanwhileStaysDue() throws SQLException {
    var fid = fixture.settled("key", DEV1);
    for (int way = 0; way < 3; way++) {
      store.enqueue(List.of(fid), Duration.ZERO);
      var claimed = store.claim(1, LEASE).getFirst();
      switch (way) {
        case 0 -> fixture.stores().files().changeClass(DOMAIN, new Key("key"), new ClassId(5));
        case 1 -> store.enqueue(List.of(fid), Duration.ofSeconds(1));
        case 2 -> store.forget(DEV1, List.of(fid));
        default -> throw new IllegalStateException();
      }

      store.settle(List.of(new Settlement.Done(claimed)));
      store.settle(List.of(new Settlement.Later(claimed, Duration.ofHours(1), 1)));
      store.settle(List.of(new Settlement.Stuck(claimed, 1)));

      assertThat(
              fixture.query(
                  "SELECT fid FROM file_to_replicate WHERE nexttry <= UNIX_TIMESTAMP() + 1"))
          .containsExactly(fid.toString());
      fixture.sql("DELETE FROM file_to_replicate");
    }
  }

  @Test
  void wakingMakesAllDue() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate VALUES (1, 0, NULL, 0, 0),"
            + " (2, UNIX_TIMESTAMP() + 500, NULL, 3, 0), (3, 2147483647, NULL, 9, 0)");

    assertThat(store.wakeAll()).isEqualTo(2);

    assertThat(store.claim(9, LEASE)).hasSize(3);
  }

  @Test
  void enqueuingMakesARowDueSoonerNeverLater() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate VALUES (1, 0, NULL, 0, 0),"
            + " (2, UNIX_TIMESTAMP() + 500, NULL, 3, 0)");

    store.enqueue(fids(3), Duration.ofSeconds(100));
    store.enqueue(List.of(), Duration.ZERO);

    assertThat(fixture.query("SELECT fid FROM file_to_replicate WHERE nexttry = 0"))
        .containsExactly("1");
    assertThat(
            fixture.query(
                "SELECT fid, failcount FROM file_to_replicate WHERE nexttry"
                    + " BETWEEN UNIX_TIMESTAMP() + 90 AND UNIX_TIMESTAMP() + 100 ORDER BY fid"))
        .containsExactly("2 3", "3 0");
  }

  @Test
  void aCopyIsRecordedCountedAndItsChecksumKept() {
    var fid = fixture.stored("key");
    var other = Checksum.parse("MD5:00000000000000000000000000000000");

    assertThat(store.copied(fid, DEV2, Optional.of(MD5))).isTrue();
    assertThat(store.copied(fid, DEV3, other)).isTrue();
    assertThat(store.copied(fid, DEV3, Optional.empty())).isTrue();

    assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV1, DEV2, DEV3);
    assertThat(fixture.stores().files().find(fid)).map(StoredFile::devcount).contains(3);
    assertThat(fixture.stores().files().checksums(List.of(fid))).containsEntry(fid, MD5);
  }

  @Test
  void aCopyOfAFileThatIsGoneIsQueuedForDeletion() throws SQLException {
    var fid = fixture.stored("key");
    fixture.stores().files().delete(DOMAIN, new Key("key"));
    fixture.sql("DELETE FROM file_to_delete2");
    fixture.sql("DELETE FROM file_on");

    assertThat(store.copied(fid, DEV2, Optional.of(MD5))).isFalse();

    assertThat(fixture.query("SELECT fid FROM file_to_delete2 WHERE nexttry <= UNIX_TIMESTAMP()"))
        .containsExactly(fid.toString());
    assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV2);
    assertThat(fixture.stores().files().checksums(List.of(fid))).isEmpty();
  }

  @Test
  void copiesMadeWhileAFileIsDeletedAreNeverForgotten() throws Exception {
    for (int round = 0; round < 15; round++) {
      fixture.empty();
      var fid = fixture.stored("key");
      together(
          List.<Callable<Boolean>>of(
              () -> store.copied(fid, DEV2, Optional.empty()),
              () -> fixture.stores().files().delete(DOMAIN, new Key("key")),
              () -> store.copied(fid, DEV3, Optional.empty())));

      assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly(fid.toString());
      assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV1, DEV2, DEV3);
    }
  }

  @Test
  void copiesRecordedTogetherAreAllCounted() throws Exception {
    var fid = fixture.stored("key");

    together(
        IntStream.rangeClosed(2, 12)
            .mapToObj(
                device ->
                    (Callable<Boolean>)
                        () -> store.copied(fid, new DeviceId(device), Optional.empty()))
            .toList());

    assertThat(fixture.stores().files().find(fid)).map(StoredFile::devcount).contains(12);
  }

  @Test
  void copiesAreNotCountedWhereOperatorsDoNotWantIt() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO server_settings VALUES ('skip_devcount', '1')");
    try {
      store.copied(fid, DEV2, Optional.empty());
      assertThat(fixture.stores().files().find(fid)).map(StoredFile::devcount).contains(1);

      fixture.sql("UPDATE server_settings SET value = '0' WHERE field = 'skip_devcount'");
      store.copied(fid, DEV3, Optional.empty());
      assertThat(fixture.stores().files().find(fid)).map(StoredFile::devcount).contains(3);
    } finally {
      fixture.sql("DELETE FROM server_settings WHERE field = 'skip_devcount'");
    }
  }

  @Test
  void aRemovedCopyIsForgottenAndNotCounted() throws SQLException {
    var fid = fixture.settled("key", DEV1, DEV2);

    store.removed(fid, DEV1);
    store.removed(fid, DEV1);

    assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV2);
    assertThat(fixture.stores().files().find(fid)).map(StoredFile::devcount).contains(1);
  }

  @Test
  void filesOnADeviceAreListedAscending() throws SQLException {
    fixture.sql("INSERT INTO file_on VALUES (3, 1), (1, 1), (2, 2), (5, 1)");

    assertThat(store.filesOn(DEV1, 2)).containsExactly(new Fid(1), new Fid(3));
    assertThat(store.filesOn(DEV3, 2)).isEmpty();
  }

  @Test
  void forgettingQueuesFilesFirst() throws SQLException {
    var one = fixture.settled("a", DEV1, DEV2);
    var two = fixture.settled("b", DEV1);
    fixture.sql("INSERT INTO file_on VALUES (4000000000, 1)");

    store.forget(DEV1, List.of(two, one, new Fid(4_000_000_000L)));
    store.forget(DEV1, List.of());

    assertThat(store.filesOn(DEV1, 10)).isEmpty();
    assertThat(fixture.stores().files().devices(one)).containsExactly(DEV2);
    assertThat(
            fixture.query(
                "SELECT fid FROM file_to_replicate WHERE nexttry > 0"
                    + " AND nexttry <= UNIX_TIMESTAMP() + 1 ORDER BY fid"))
        .containsExactly(one.toString(), two.toString());
  }

  @Test
  void whatIsNewOrStuckIsNotDeferred() throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate VALUES (1, 0, NULL, 0, 0),"
            + " (2, UNIX_TIMESTAMP() + 500, NULL, 3, 0), (3, 2147483647, NULL, 9, 0)");

    assertThat(store.deferred()).isEqualTo(1);
  }

  private List<String> queue() throws SQLException {
    return fixture.query("SELECT fid FROM file_to_replicate");
  }

  private static List<Fid> fids(int many) {
    return LongStream.rangeClosed(1, many).mapToObj(Fid::new).toList();
  }

  private static List<Queued> byFid(List<Queued> claimed) {
    return claimed.stream().sorted((a, b) -> a.fid().compareTo(b.fid())).toList();
  }
}
