package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Then;
import io.hayloft.tracker.store.RebalanceStore;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import io.hayloft.tracker.store.RebalanceStore.Change;
import io.hayloft.tracker.store.RebalanceStore.Move;
import io.hayloft.tracker.store.RebalanceStore.Round;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of checks and moves, in our tables and in the original's. */
@ParameterizedClass
@EnumSource(Tables.class)
class UpkeepStoresTest {

  private static final Checksum MD5 =
      Checksum.parse("MD5:5d41402abc4b2a76b9719d911017c592").orElseThrow();

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final FsckStore fsck = fixture.upkeep().fsck();
  private final RebalanceStore rebalance = fixture.upkeep().rebalance();

  UpkeepStoresTest(Tables tables) {
    assertThat(tables).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
    fixture.sql("DELETE FROM fsck_log");
    fixture.sql("DELETE FROM server_settings WHERE field <> 'schema_version'");
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @Test
  void aConclusionIsCarriedOutAsAWhole() throws Exception {
    var fid = fixture.settled("k", DEV1, DEV2);

    boolean done =
        fsck.conclude(
            new Conclusion(
                fid,
                List.of(Event.of(FsckEvent.MISS, DEV1), Event.of(FsckEvent.REPL)),
                Set.of(DEV1),
                Set.of(DEV3),
                Optional.of(MD5),
                Set.of(Then.RECOUNT, Then.REPLICATE)));

    assertThat(done).isTrue();
    assertThat(fixture.query("SELECT devid FROM file_on ORDER BY devid")).containsExactly("2", "3");
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("2");
    assertThat(fixture.stores().files().checksums(List.of(fid))).containsEntry(fid, MD5);
    assertThat(
            fixture.query(
                "SELECT fid, CAST(nexttry AS SIGNED) - UNIX_TIMESTAMP() BETWEEN 0 AND 1"
                    + " FROM file_to_replicate"))
        .containsExactly(fid + " 1");
    assertThat(fsck.log(0, 10))
        .extracting(row -> row.code().orElse("") + row.device().map(d -> " " + d).orElse(""))
        .containsExactly("MISS 1", "REPL");
  }

  @Test
  void whatIsNoFileAnyMoreIsNotTouched() throws Exception {
    var fid = fixture.settled("k", DEV1);
    fixture.stores().files().delete(StoreFixture.DOMAIN, new Key("k"));

    boolean done =
        fsck.conclude(
            new Conclusion(
                fid,
                List.of(Event.of(FsckEvent.MISS, DEV1)),
                Set.of(DEV1),
                Set.of(),
                Optional.empty(),
                Set.of(Then.REPLICATE)));

    assertThat(done).isFalse();
    assertThat(fixture.query("SELECT devid FROM file_on")).containsExactly("1");
    assertThat(fixture.query("SELECT fid FROM file_to_replicate")).isEmpty();
    assertThat(fsck.log(0, 10)).isEmpty();
  }

  @Test
  void ofManyWhoStartOneDoes() throws Exception {
    var calls = new ArrayList<Callable<FsckStore.Start>>();
    for (int i = 0; i < 8; i++) {
      var host = "m" + i;
      calls.add(() -> fsck.start(host));
    }

    assertThat(StoreFixture.together(calls)).containsOnlyOnce(FsckStore.Start.STARTED);
  }

  @Test
  void aCheckMayBeginBehindAFid() throws Exception {
    var first = fixture.settled("a", DEV1);
    var second = fixture.settled("b", DEV1);
    fsck.reset(false, first.value());
    fsck.start("m");

    var range = fixture.upkeep().fsckRuns().stand("m").orElseThrow().range();

    assertThat(range).isEqualTo(new FsckStore.Range(first.value(), second.value()));
  }

  @Test
  void aTakeOverIsForWhoeverNamesTheHost() {
    fsck.start("a");

    assertThat(fsck.takeOver("x", "b")).isFalse();
    assertThat(fsck.takeOver("a", "b")).isTrue();
    assertThat(fsck.host()).contains("b");
    assertThat(fixture.upkeep().fsckRuns().stand("a")).isEmpty();
  }

  @Test
  void filesOfADeviceComeInOrder() throws Exception {
    var fids = new ArrayList<Fid>();
    for (var key : List.of("a", "b", "c", "d")) {
      fids.add(fixture.settled(key, DEV1));
    }
    fixture.sql("DELETE FROM file WHERE fid = " + fids.get(1));

    assertThat(rebalance.candidates(DEV1, 0, false, 2)).isEqualTo(candidates(fids, 0, 2));
    assertThat(rebalance.candidates(DEV1, fids.get(2).value(), false, 2))
        .isEqualTo(candidates(fids, 3));
    assertThat(rebalance.candidates(DEV1, 0, true, 2)).isEqualTo(candidates(fids, 3, 2));
    assertThat(rebalance.candidates(DEV1, fids.get(2).value(), true, 2))
        .isEqualTo(candidates(fids, 0));
  }

  private static List<Candidate> candidates(List<Fid> fids, int... places) {
    var candidates = new ArrayList<Candidate>();
    for (int place : places) {
      candidates.add(new Candidate(fids.get(place), 5));
    }
    return candidates;
  }

  @Test
  void aRoundIsForTheHostAndTheStateThatItWasDecidedOn() throws Exception {
    fixture.sql("INSERT INTO device (devid, hostid, status) VALUES (1, 1, 'alive')");
    rebalance.setPolicy("from_devices=1");
    rebalance.start("m", (policy, now) -> "one=1");
    var move = new Move(new Fid(7), DEV1, List.of(DEV2, DEV3));
    var round = new Round("one=1", "two=2", List.of(move), List.of(new Change.Drain(DEV1)), false);

    assertThat(rebalance.advance("other", round)).isFalse();
    assertThat(rebalance.advance("m", round)).isTrue();
    assertThat(rebalance.advance("m", round)).as("decided on an older state").isFalse();

    assertThat(fixture.query("SELECT fid, devid, type, arg FROM file_to_queue"))
        .containsExactly("7 1 2 2,3");
    assertThat(fixture.query("SELECT status FROM device")).containsExactly("drain");
    assertThat(rebalance.status().state()).contains("two=2");

    var last = new Round("two=2", "three=3", List.of(), List.of(new Change.Restore(DEV1)), true);
    assertThat(rebalance.advance("m", last)).isTrue();
    assertThat(fixture.query("SELECT status FROM device")).containsExactly("alive");
    assertThat(rebalance.status().host()).isEmpty();
    assertThat(rebalance.status().former()).isEmpty();
  }
}
