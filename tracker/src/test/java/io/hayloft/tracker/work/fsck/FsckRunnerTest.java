package io.hayloft.tracker.work.fsck;

import static io.hayloft.tracker.work.WorkFixture.BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.node.MemoryNativeNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.FsckRunStore.Lost;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckRunStore.Run;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run over nodes that list their files, from its start to its end. */
class FsckRunnerTest {

  private static final FsckTerms QUICK = FsckTerms.USUAL.with(Depth.QUICK);
  private static final FsckTerms FULL = FsckTerms.USUAL.with(Depth.FULL);
  private static final long UNKNOWN = 900_000;

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;
  private MemoryNativeNodes natives;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    natives = fixture.nativeNodes();
    fixture.host("a", 1, 2).host("b", 3).host("c", 4);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void filesThatAreAsTheyShouldBeAreOnlyCounted() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.copied("k" + i, 1, 3);
    }

    var run = run(QUICK);

    assertThat(run.tally().checked()).isEqualTo(20);
    assertThat(run.tally().events()).isEmpty();
    assertThat(run.isClosed()).isTrue();
    assertThat(fixture.nodes.count("look")).isZero();
    assertThat(fixture.stores().registry().setting("fsck_fids_checked")).contains("20");
    assertThat(fixture.upkeep().fsck().host()).isEmpty();
  }

  @Test
  void everythingWrongIsFoundConfirmedAndCounted() throws Exception {
    var missing = fixture.copied("missing", 1, 3);
    var shortened = fixture.copied("short", 1, 3);
    var gone = fixture.copied("gone", 1, 3);
    var miscounted = fixture.copied("miscounted", 1, 3);
    var unrecorded = fixture.copied("unrecorded", 1, 3);
    fixture.copied("fine", 1, 3);
    fixture.copied("few", 3);
    fixture.nodes.lose(3, missing.value());
    fixture.nodes.store(1, shortened.value(), new byte[3]);
    fixture.nodes.lose(1, gone.value());
    fixture.nodes.lose(3, gone.value());
    fixture.sql("UPDATE file SET devcount = 9 WHERE fid = " + miscounted);
    fixture.sql("DELETE FROM file_on WHERE fid = " + unrecorded);

    var run = run(QUICK);

    assertThat(run.tally().checked()).isEqualTo(7);
    assertThat(run.tally().lost()).isEqualTo(1);
    assertThat(fixture.upkeep().fsckRuns().lost(run.number(), 0, 10))
        .containsExactly(new Lost(gone, "d", "gone"));
    assertThat(eventsOf(missing)).containsExactly("MISS 3", "REPL null");
    assertThat(eventsOf(shortened)).containsExactly("BLEN 1", "REPL null");
    assertThat(eventsOf(gone)).containsExactly("MISS 1", "MISS 3", "SRCH null", "GONE null");
    assertThat(eventsOf(miscounted)).containsExactly("BCNT null");
    assertThat(eventsOf(unrecorded)).first().isEqualTo("NOPA null");
    assertThat(run.tally().events()).containsEntry("MISS", 3L).containsEntry("POVI", 1L);
  }

  @Test
  void aDeviceThatBreaksOffStallsItsFilesAndTheyAreLookedAtLater() throws Exception {
    var first = fixture.copied("a", 1, 3);
    fixture.copied("b", 1, 3);
    var upkeep = begin(QUICK);
    natives.breakOff(3, 1);
    fixture.nodes.host(2, Trouble.SILENT);
    upkeep.fsckRunner().step();

    assertThat(fixture.query("SELECT fid FROM file_to_queue")).isNotEmpty();
    assertThat(fixture.query("SELECT evcode FROM fsck_log")).isEmpty();
    assertThat(fixture.on(first)).containsExactly(1, 3);
    fixture.nodes.allIsWell();
    upkeep.fsck().step();
    assertThat(fixture.query("SELECT fid FROM file_to_queue")).isEmpty();
    assertThat(fixture.query("SELECT evcode FROM fsck_log")).isEmpty();
  }

  @Test
  void aDeviceThatIsDownKeepsNoneOfTheOthersFromBeingLookedAt() throws Exception {
    for (int i = 0; i < 6; i++) {
      fixture.copied("down" + i, 1, 3);
    }
    var bad = fixture.copied("bad", 1, 4);
    fixture.nodes.lose(4, bad.value());
    fixture.mark(3, DeviceStatus.DOWN);
    fixture.stores().registry().set("queue_size_for_fsck", Optional.of("2"));

    var run = run(QUICK);

    assertThat(eventsOf(bad)).containsExactly("MISS 4", "REPL null");
    assertThat(run.outcome()).isPresent();
    assertThat(run.tally().checked() + run.tally().stalled()).isEqualTo(7);
    assertThat(run.tally().stalled()).isEqualTo(6);
  }

  @Test
  void filesOnForeignServersAreLookedAtOneByOne() throws Exception {
    natives.foreign("b");
    fixture.copied("native", 1, 4);
    var foreign = fixture.copied("foreign", 1, 3);
    fixture.nodes.lose(3, foreign.value());

    var run = run(QUICK);

    assertThat(eventsOf(foreign)).containsExactly("MISS 3", "REPL null");
    assertThat(run.tally().checked()).isEqualTo(2);
    assertThat(fixture.nodes.calls()).noneMatch(call -> call.startsWith("look dev4"));
  }

  @Test
  void whatChangesWhileItIsLookedAtIsNoFinding() throws Exception {
    var moved = fixture.copied("moved", 1, 3);
    fixture.copied("deleted", 1, 3);
    natives.duringListing(
        () -> {
          fixture.nodes.lose(3, moved.value());
          fixture.nodes.store(4, moved.value(), BYTES);
          try {
            fixture.sql("DELETE FROM file_on WHERE devid = 3 AND fid = " + moved);
            fixture.sql("INSERT IGNORE INTO file_on VALUES (" + moved + ", 4)");
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
          fixture.delete("deleted");
          for (var path : fixture.nodes.replicas()) {
            if (!path.fid().equals(moved)) {
              fixture.nodes.lose(path.device().value(), path.fid().value());
            }
          }
        });

    var run = run(QUICK);

    assertThat(fixture.query("SELECT evcode FROM fsck_log")).isEmpty();
    assertThat(fixture.on(moved)).containsExactly(1, 4);
    assertThat(run.tally().lost()).isZero();
    assertThat(natives.quarantined()).isEmpty();
  }

  @Test
  void whatIsNobodysGoesToTheQuarantineOnceItIsOld() throws Exception {
    var last = file(UNKNOWN + 10);
    fixture.nodes.store(2, UNKNOWN, BYTES);
    fixture.nodes.store(3, UNKNOWN + 1, BYTES);
    natives.changed(3, UNKNOWN + 1, System.currentTimeMillis() / 1000 - 3000);
    fixture.nodes.store(3, last + 1, BYTES);

    var run = run(QUICK);

    assertThat(natives.quarantined()).isEqualTo(Map.of(path(2, UNKNOWN), "orphan"));
    assertThat(run.tally().orphans()).isEqualTo(new Orphans(1, 0, 1));
    assertThat(fixture.nodes.has(3, UNKNOWN + 1)).as("it is young").isTrue();
    assertThat(fixture.nodes.has(3, last + 1)).as("beyond the end").isTrue();
  }

  @Test
  void whatIsNobodysStaysWhereNothingMayBeRemoved() throws Exception {
    file(UNKNOWN + 10);
    fixture.nodes.store(2, UNKNOWN, BYTES);
    var complete = fixture.copied("complete", 1, 3);
    fixture.nodes.store(2, complete.value(), BYTES);
    fixture.mark(2, DeviceStatus.READONLY);

    var run = run(QUICK);

    assertThat(natives.quarantined()).isEmpty();
    assertThat(run.tally().orphans()).isEqualTo(new Orphans(2, 0, 0));
  }

  @Test
  void whatAnUploadOrADeletionSeesToIsLeftAlone() throws Exception {
    var open = fixture.opened("open", 2);
    fixture.nodes.store(2, open.value(), BYTES);
    var deleted = fixture.copied("deleted", 1, 3);
    fixture.nodes.store(4, deleted.value(), BYTES);
    fixture.delete("deleted");
    file(UNKNOWN);

    var run = run(QUICK);

    assertThat(natives.quarantined()).isEmpty();
    assertThat(run.tally().orphans()).isEqualTo(Orphans.NONE);
  }

  @Test
  void aCopyThatWasNotRecordedIsTakenWhereOneIsLacking() throws Exception {
    var lacking = fixture.copied("lacking", 1);
    fixture.nodes.store(3, lacking.value(), BYTES);
    var complete = fixture.copied("complete", 1, 3);
    fixture.nodes.store(4, complete.value(), BYTES);
    var wrong = fixture.copied("wrong", 1);
    fixture.nodes.store(3, wrong.value(), new byte[2]);
    var rotten = fixture.copied("rotten", 1);
    fixture.nodes.store(3, rotten.value(), BYTES);
    natives.rot(3, rotten.value());

    var run = run(QUICK);

    assertThat(fixture.on(lacking)).containsExactly(1, 3);
    assertThat(eventsOf(lacking)).contains("FOND 3");
    assertThat(fixture.query("SELECT devcount FROM file WHERE fid = " + lacking))
        .containsExactly("2");
    assertThat(natives.quarantined().keySet())
        .containsExactlyInAnyOrder(
            path(4, complete.value()), path(3, wrong.value()), path(3, rotten.value()));
    assertThat(run.tally().orphans()).isEqualTo(new Orphans(4, 1, 3));
  }

  @Test
  void theLastGoodCopyIsNotTakenForAnOrphan() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    fixture.nodes.lose(3, fid.value());
    fixture.nodes.store(4, fid.value(), BYTES);

    run(QUICK);

    assertThat(natives.quarantined()).isEmpty();
    assertThat(eventsOf(fid))
        .containsExactly("MISS 1", "MISS 3", "SRCH null", "FOND 4", "REPL null");
  }

  @Test
  void whereMostOfADeviceIsUnknownNothingIsTakenAway() throws Exception {
    file(UNKNOWN);
    for (int i = 0; i < 1100; i++) {
      fixture.nodes.store(3, 1000 + i, BYTES);
    }

    var run = run(QUICK);

    assertThat(natives.quarantined()).isEmpty();
    assertThat(run.tally().orphans().found()).isEqualTo(1100);
  }

  @Test
  void aRottenCopyIsReplacedAndKeptApart() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    natives.rot(3, fid.value());

    assertThat(run(QUICK).tally().events()).as("lengths are right").isEmpty();
    var run = run(FULL);

    assertThat(run.tally().events()).isEqualTo(Map.of("BSUM", 1L, "REPL", 1L));
    assertThat(eventsOf(fid)).containsExactly("BSUM 3", "REPL null");
    assertThat(fixture.on(fid)).containsExactly(1);
    assertThat(natives.quarantined()).isEqualTo(Map.of(path(3, fid.value()), "corrupt"));
  }

  /** Whoever stood still for too long may be one of two who are at a file. */
  @Test
  void whoLosesAFilesLeaseMeanwhileChangesNothing() throws Exception {
    var rotten = fixture.copied("rotten", 1, 3);
    natives.rot(3, rotten.value());
    var complete = fixture.copied("complete", 1, 3);
    fixture.nodes.store(4, complete.value(), BYTES);
    natives.duringListing(
        () -> sql("UPDATE hayloft_lease SET owner = 'somebody' WHERE name LIKE 'fid:%'"));

    run(FULL);

    assertThat(fixture.on(rotten)).containsExactly(1, 3);
    assertThat(eventsOf(rotten)).isEmpty();
    assertThat(natives.quarantined()).isEmpty();
  }

  private void sql(String statement) {
    try {
      fixture.sql(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void copiesThatAreAllRottenStay() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    natives.rot(1, fid.value());
    natives.rot(3, fid.value());

    run(FULL);

    assertThat(eventsOf(fid)).containsExactly("BSUM null");
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(natives.quarantined()).isEmpty();
  }

  @Test
  void copiesThatWereStoredUnlikeAreSaidToDiffer() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    var other = BYTES.clone();
    other[0] ^= 1;
    fixture.nodes.store(3, fid.value(), other);

    run(QUICK);

    assertThat(eventsOf(fid)).containsExactly("MSUM null");
    assertThat(fixture.on(fid)).containsExactly(1, 3);
  }

  @Test
  void aDigestThatIsLackingIsMadeInARunWithChecksums() throws Exception {
    var md5 = fixture.fileClass("md5", 2, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", md5, 1);
    fixture.stores().replication().copied(fid, new DeviceId(3), Optional.empty());
    fixture.nodes.store(3, fid.value(), BYTES);

    assertThat(run(QUICK).tally().events()).isEmpty();
    assertThat(run(FULL).tally().events()).isEqualTo(Map.of("NSUM", 1L));
    fixture.nodes.forgetCalls();
    assertThat(run(FULL).tally().events()).isEmpty();
    assertThat(fixture.nodes.count("digest")).as("the listing does for it").isZero();
  }

  @Test
  void aScopeIsKeptTo() throws Exception {
    var fileClass = fixture.fileClass("other", 2, Optional.empty());
    var inside = fixture.uploaded("inside", fileClass, 1);
    var outside = fixture.copied("outside", 1);
    fixture.nodes.store(2, 1, BYTES);

    var run = run(terms(Depth.QUICK, Optional.of(fileClass), Optional.empty()));

    assertThat(run.tally().checked()).isEqualTo(1);
    assertThat(eventsOf(inside)).containsExactly("POVI null", "REPL null");
    assertThat(eventsOf(outside)).isEmpty();
    assertThat(natives.quarantined()).as("nobody knows whose it is").isEmpty();
  }

  @Test
  void aDeviceIsCheckedByItself() throws Exception {
    var onIt = fixture.copied("on", 3, 4);
    var elsewhere = fixture.copied("elsewhere", 1, 4);
    fixture.nodes.lose(3, onIt.value());
    fixture.nodes.lose(1, elsewhere.value());

    var run = run(terms(Depth.QUICK, Optional.empty(), Optional.of(new DeviceId(3))));

    assertThat(run.tally().checked()).isEqualTo(1);
    assertThat(eventsOf(onIt)).containsExactly("MISS 3", "REPL null");
    assertThat(eventsOf(elsewhere)).isEmpty();
    assertThat(natives.calls()).containsOnly("manifest 3");
  }

  private static FsckTerms terms(
      Depth depth, Optional<ClassId> fileClass, Optional<DeviceId> device) {
    return new FsckTerms(
        depth,
        new Scope(fileClass.map(_ -> new DomainId(domain())), fileClass, device),
        OptionalLong.empty());
  }

  private static int domain() {
    return 1;
  }

  @Test
  void aCheckOfPoliciesAsksNoNode() throws Exception {
    fixture.copied("few", 1);
    fixture.nodes.store(2, 1, BYTES);

    var run = run(FsckTerms.USUAL.with(Depth.POLICY));

    assertThat(natives.calls()).isEmpty();
    assertThat(run.tally().checked()).isEqualTo(1);
  }

  @Test
  void anotherTrackerGoesOnWhereTheFirstStood() throws Exception {
    fixture.stores().registry().set("queue_rate_for_fsck", Optional.of("2"));
    for (int i = 0; i < 5; i++) {
      fixture.copied("k" + i, 1, 3);
    }
    var upkeep = begin(QUICK);
    upkeep.fsckRunner().step();
    assertThat(newest().tally().checked()).isEqualTo(2);
    fixture.sql("DELETE FROM hayloft_lease");
    assertThat(fixture.upkeep().fsck().takeOver("m1", "m2")).isTrue();
    var other = fixture.upkeep(fixture.tracker("t2"), "m2");

    other.fsckRunner().step();
    upkeep.fsckRunner().step();
    other.fsckRunner().step();
    other.fsckRunner().step();

    assertThat(newest().tally().checked()).isEqualTo(5);
    assertThat(newest().origin().host()).isEqualTo("m2");
    assertThat(newest().origin().takeovers()).isEqualTo(1);
    assertThat(newest().outcome()).isPresent();
  }

  /** A slice may take longer than the lease lasts; it would be looked at twice at once. */
  @Test
  void theLeaseIsKeptWhileASliceIsLookedAt() throws Exception {
    fixture.copied("k", 1, 3);
    natives.duringListing(
        () -> {
          sql("DELETE FROM hayloft_lease");
          await()
              .untilAsserted(
                  () ->
                      assertThat(fixture.query("SELECT name FROM hayloft_lease")).contains("fsck"));
        });

    assertThat(run(QUICK).tally().checked()).isEqualTo(1);
  }

  /** A file with this fid, so that the end of a run is there. */
  private long file(long fid) throws SQLException {
    var made = fixture.copied("last" + fid, 1, 3);
    for (var table : List.of("file", "file_on")) {
      fixture.sql("UPDATE " + table + " SET fid = " + fid + " WHERE fid = " + made);
    }
    fixture.nodes.lose(1, made.value());
    fixture.nodes.lose(3, made.value());
    fixture.nodes.store(1, fid, BYTES);
    fixture.nodes.store(3, fid, BYTES);
    return fid;
  }

  private static ReplicaPath path(int device, long fid) {
    return new ReplicaPath(new DeviceId(device), new Fid(fid));
  }

  private WorkFixture.Upkeep begin(FsckTerms terms) throws Exception {
    var upkeep = fixture.upkeep(fixture.tracker("t"), "m1");
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.upkeep().fsck().startFromTheFirst("m1", terms);
    fixture.nodes.forgetCalls();
    return upkeep;
  }

  /** From the first file to the end, with what is queued on the way. */
  private Run run(FsckTerms terms) throws Exception {
    var upkeep = begin(terms);
    for (int i = 0; i < 10 && fixture.upkeep().fsck().host().isPresent(); i++) {
      upkeep.fsckRunner().step();
      upkeep.fsck().step();
    }
    upkeep.fsck().step();
    fixture.upkeep().fsckRuns().settle();
    return newest();
  }

  private Run newest() {
    return fixture.upkeep().fsckRuns().runs(1).getFirst();
  }

  private List<String> eventsOf(Fid fid) throws SQLException {
    return fixture.query(
        "SELECT evcode, devid FROM fsck_log WHERE fid = " + fid + " ORDER BY logid");
  }
}
