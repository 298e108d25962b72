package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.ClaimStore;
import io.hayloft.tracker.store.ClaimStore.Queue;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.NewCopy;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import io.hayloft.tracker.store.TodoStore.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who comes first in the replication queue, how claims last, and copies recorded in batches. */
class ReplicationOrderTest {

  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Optional<Checksum> NO_DIGEST = Optional.empty();

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final ReplicationStore store = fixture.stores().replication();
  private final ClaimStore claims = fixture.upkeep().claims();

  @BeforeAll
  static void tables() throws SQLException {
    DATABASE.clear();
    Schema.migrate(DATABASE.url(), DATABASE.user(), DATABASE.password());
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
  void uploadsDoNotWaitBehindADeadHostsFilesNorTheseBehindUploads() throws SQLException {
    queue(1, 100, "1");
    queue(1001, 100, "0");
    queue(2001, 100, "UNIX_TIMESTAMP() - 5");

    var first = store.claim(32, LEASE);

    assertThat(first).hasSize(32);
    assertThat(kind(first, 1000)).as("new uploads").isEqualTo(24);
    assertThat(kind(first, 0)).as("with one copy left").isEqualTo(6);
    assertThat(kind(first, 2000)).as("all others").isEqualTo(2);
    assertThat(first.getFirst().fid()).isGreaterThan(new Fid(1000));
  }

  @Test
  void shareNobodyNeedsIsNotKept() throws SQLException {
    queue(1, 100, "1");
    queue(1001, 10, "0");

    var claimed = store.claim(64, LEASE);

    assertThat(kind(claimed, 1000)).isEqualTo(10);
    assertThat(kind(claimed, 0)).isEqualTo(54);
  }

  @Test
  void everythingIsClaimedInTheEndAndOnce() throws SQLException {
    queue(1, 300, "1");
    queue(1001, 300, "0");
    queue(2001, 300, "UNIX_TIMESTAMP() - 5");
    var all = new ArrayList<Fid>();
    for (var claimed = store.claim(64, LEASE);
        !claimed.isEmpty();
        claimed = store.claim(64, LEASE)) {
      claimed.forEach(each -> all.add(each.fid()));
    }

    assertThat(all).hasSize(900).doesNotHaveDuplicates();
  }

  @Test
  void aProlongedClaimIsSettledByItsFormerTime() throws SQLException {
    queue(1, 3, "0");
    var claimed = store.claim(3, LEASE);
    long until = claimed.getFirst().until();
    claims.prolong(Queue.REPLICATION, until, claimed.stream().map(Queued::fid).toList());
    assertThat(times("file_to_replicate")).containsExactly(String.valueOf(until + 8));

    store.settle(
        List.of(
            new Settlement.Done(claimed.get(0)),
            new Settlement.Later(claimed.get(1), Duration.ofHours(1), 1),
            new Settlement.Stuck(claimed.get(2), 1)));

    assertThat(fixture.query("SELECT COUNT(*) FROM file_to_replicate WHERE failcount = 1"))
        .containsExactly("2");
    assertThat(fixture.query("SELECT COUNT(*) FROM file_to_replicate")).containsExactly("2");
  }

  @Test
  void whatSomebodyElseTookOverIsNotProlonged() throws SQLException {
    queue(1, 1, "0");
    var mine = store.claim(1, LEASE).getFirst();
    fixture.sql("UPDATE file_to_replicate SET nexttry = 5");

    claims.prolong(Queue.REPLICATION, mine.until(), List.of(mine.fid()));

    assertThat(times("file_to_replicate")).containsExactly("5");
  }

  @Test
  void claimsOfEachQueueCanBeProlonged() throws SQLException {
    fixture.sql("INSERT INTO file_to_delete2 VALUES (1, 0, 0)");
    fixture.sql(
        "INSERT INTO file_to_queue VALUES (1, NULL, 1, 0, 0, 0, ''), (1, 3, 2, 0, 0, 0, '4')");
    var delete = fixture.stores().deletion().claim(1, LEASE).getFirst();
    var todo = fixture.upkeep().todo();
    var check = todo.claim(Kind.FSCK, 1, LEASE).getFirst();

    claims.prolong(Queue.DELETION, delete.until(), List.of(delete.fid()));
    claims.prolong(Queue.FSCK, check.until(), List.of(check.fid()));

    assertThat(times("file_to_delete2")).containsExactly(String.valueOf(delete.until() + 8));
    assertThat(fixture.query("SELECT nexttry FROM file_to_queue WHERE type = 1"))
        .containsExactly(String.valueOf(check.until() + 8));
    assertThat(fixture.query("SELECT nexttry FROM file_to_queue WHERE type = 2"))
        .containsExactly("0");
    todo.done(Kind.FSCK, List.of(check));
    assertThat(fixture.query("SELECT type FROM file_to_queue")).containsExactly("2");
  }

  @Test
  void manyCopiesAreRecordedTogetherEachAsItShouldBe() throws SQLException {
    var enough = fixture.stored("enough");
    var more = fixture.stored("more");
    var deleted = fixture.stored("deleted");
    var byFid = store.claim(10, LEASE);
    fixture.stores().files().delete(StoreFixture.DOMAIN, new Key("deleted"));

    var gone =
        store.record(
            List.of(
                new NewCopy(deleted, DEV2, NO_DIGEST, claimed(byFid, deleted)),
                new NewCopy(more, DEV3, NO_DIGEST, Optional.empty()),
                new NewCopy(enough, DEV2, NO_DIGEST, claimed(byFid, enough))));

    assertThat(gone).containsExactly(deleted);
    assertThat(fixture.stores().files().devices(enough)).containsExactly(DEV1, DEV2);
    assertThat(fixture.stores().files().devices(more)).containsExactly(DEV1, DEV3);
    assertThat(fixture.query("SELECT devcount FROM file")).containsOnly("2");
    assertThat(fixture.stores().files().devices(deleted)).containsExactly(DEV1, DEV2);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly("" + deleted);
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).containsExactly("" + more);
  }

  @Test
  void aFileThatSomebodyElseTookOverIsLookedAtAgain() throws SQLException {
    var fid = fixture.stored("k");
    var mine = store.claim(1, LEASE).getFirst();
    // The other one made a copy as well, and was done first.
    store.copied(fid, DEV3, NO_DIGEST);
    fixture.sql("DELETE FROM file_to_replicate");

    store.record(List.of(new NewCopy(fid, DEV2, NO_DIGEST, Optional.of(mine))));

    assertThat(store.claim(1, LEASE)).extracting(Queued::fid).containsExactly(fid);
  }

  @Test
  void theQueueIsCountedByWhyFilesAreInIt() throws SQLException {
    assertThat(store.depth()).isEqualTo(new ReplicationStore.Depth(0, 0, 0, 0, 0, 0));
    queue(1, 4, "0");
    queue(11, 3, "1");
    queue(21, 2, "UNIX_TIMESTAMP() - 50");
    queue(31, 1, "UNIX_TIMESTAMP() + 500");
    queue(41, 5, "2147483647");
    queue(51, 1, "3");

    var depth = store.depth();

    assertThat(depth.overdueSeconds()).isBetween(50L, 60L);
    assertThat(depth).isEqualTo(new ReplicationStore.Depth(4, 3, 3, 1, 5, depth.overdueSeconds()));
  }

  private void queue(int first, int count, String due) throws SQLException {
    fixture.sql(
        "INSERT INTO file_to_replicate (fid, nexttry) SELECT seq, %s FROM seq_%d_to_%d"
            .formatted(due, first, first + count - 1));
  }

  private static long kind(List<Queued> claimed, long above) {
    return claimed.stream()
        .map(each -> each.fid().value())
        .filter(fid -> fid > above && fid <= above + 1000)
        .count();
  }

  private static Optional<Queued> claimed(List<Queued> claimed, Fid fid) {
    return claimed.stream().filter(each -> each.fid().equals(fid)).findFirst();
  }

  private List<String> times(String table) throws SQLException {
    return fixture.query("SELECT DISTINCT nexttry FROM " + table);
  }
}
