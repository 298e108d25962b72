package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Claims;
import io.hayloft.tracker.store.FsckRunStore.Doubt;
import io.hayloft.tracker.store.FsckRunStore.Due;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckRunStore.Outcome;
import io.hayloft.tracker.store.FsckRunStore.Passed;
import io.hayloft.tracker.store.FsckRunStore.Portion;
import io.hayloft.tracker.store.FsckRunStore.Speed;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Range;
import io.hayloft.tracker.store.FsckStore.Start;
import io.hayloft.tracker.store.TodoStore.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a check goes through the files and what is remembered of it, in our tables and others'. */
@ParameterizedClass
@EnumSource(Tables.class)
class FsckRunStoreTest {

  private static final Checksum MD5 =
      Checksum.parse("MD5:5d41402abc4b2a76b9719d911017c592").orElseThrow();
  private static final Portion ALL = new Portion(100, Long.MAX_VALUE, true);
  private static final Range EVERYTHING = new Range(0, Long.MAX_VALUE >> 1);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final FsckStore fsck = fixture.upkeep().fsck();
  private final FsckRunStore runs = fixture.upkeep().fsckRuns();

  FsckRunStoreTest(Tables tables) {
    assertThat(tables).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
    for (var table : List.of("fsck_log", "hayloft_fsck_run", "hayloft_fsck_lost")) {
      fixture.sql("DELETE FROM " + table);
    }
    fixture.sql("DELETE FROM server_settings WHERE field <> 'schema_version'");
    fixture.sql("INSERT INTO domain (dmid, namespace) VALUES (1, 'photos')");
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @Test
  void aSliceHasWhatTheTablesSay() throws Exception {
    var first = fixture.settled("a", DEV2, DEV1);
    var gone = fixture.settled("b", DEV1);
    var third = fixture.settled("c", DEV3);
    fixture.sql("DELETE FROM file WHERE fid = " + gone);
    fixture.sql("UPDATE file SET devcount = 7, classid = 4 WHERE fid = " + third);
    fixture.sql("INSERT INTO checksum VALUES (" + third + ", 1, UNHEX('" + MD5.hex() + "'))");

    var slice = runs.read(EVERYTHING, Scope.ALL, ALL);

    assertThat(slice.files()).isEqualTo(2);
    assertThat(slice.fid(0)).isEqualTo(first);
    assertThat(slice.devices(0)).containsExactly(1, 2);
    assertThat(slice.fid(1)).isEqualTo(third);
    assertThat(slice.devices(1)).containsExactly(1, 3);
    assertThat(slice.owner(2)).isEqualTo(1);
    assertThat(slice.length(1)).isEqualTo(5);
    assertThat(slice.devcount(1)).isEqualTo(7);
    assertThat(slice.fileClass(1)).isEqualTo(new ClassId(4));
    assertThat(slice.domain(1)).isEqualTo(StoreFixture.DOMAIN);
    assertThat(slice.checksum(0)).isEmpty();
    assertThat(slice.checksum(1)).contains(MD5);
    assertThat(slice.isOn(1, DEV3)).isTrue();
    assertThat(slice.isOn(1, DEV2)).isFalse();
    assertThat(slice.find(gone.value())).isNegative();
    assertThat(slice.upTo()).isEqualTo(EVERYTHING.end());
  }

  @Test
  void slicesFollowOneAnotherWithoutGapOrOverlap() throws Exception {
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < 7; i++) {
      fids.add(fixture.settled("k" + i, DEV1, DEV2));
    }
    long end = fids.getLast().value();
    var seen = new ArrayList<Fid>();
    long position = 0;
    while (position < end) {
      var slice =
          runs.read(new Range(position, end), Scope.ALL, new Portion(3, Long.MAX_VALUE, false));
      assertThat(slice.after()).isEqualTo(position);
      for (int file = 0; file < slice.files(); file++) {
        seen.add(slice.fid(file));
      }
      position = slice.upTo();
    }

    assertThat(position).isEqualTo(end);
    assertThat(seen).isEqualTo(fids);
  }

  @Test
  void aSliceEndsWhereItsBytesAreMany() throws Exception {
    var first = fixture.settled("a", DEV1);
    fixture.settled("b", DEV1);

    var slice = runs.read(EVERYTHING, Scope.ALL, new Portion(100, 6, false));

    assertThat(slice.files()).isEqualTo(1);
    assertThat(slice.upTo()).isEqualTo(first.value());
  }

  @Test
  void rowsWithoutFilesDoNotMakeASliceLong() throws Exception {
    var first = fixture.settled("a", DEV1);
    for (int i = 1; i <= 20; i++) {
      fixture.sql("INSERT INTO file_on VALUES (" + (first.value() + i) + ", 1)");
    }

    var slice = runs.read(EVERYTHING, Scope.ALL, new Portion(1, Long.MAX_VALUE, false));
    var rest =
        runs.read(
            new Range(first.value(), first.value() + 30),
            Scope.ALL,
            new Portion(2, Long.MAX_VALUE, false));

    assertThat(slice.upTo()).isEqualTo(first.value());
    assertThat(rest.files()).isZero();
    assertThat(rest.upTo()).isLessThan(first.value() + 20);
  }

  @Test
  void aScopeLeavesOthersOut() throws Exception {
    fixture.settled("a", DEV1);
    var other = fixture.settled("b", DEV1);
    fixture.sql("UPDATE file SET classid = 4 WHERE fid = " + other);
    var scope =
        new Scope(Optional.of(StoreFixture.DOMAIN), Optional.of(new ClassId(4)), Optional.empty());

    var slice = runs.read(EVERYTHING, scope, ALL);

    assertThat(slice.files()).isEqualTo(1);
    assertThat(slice.fid(0)).isEqualTo(other);
    assertThat(slice.read()).isEqualTo(2);
  }

  @Test
  void whatCameOfASliceIsCountedQueuedAndPassedAtOnce() throws Exception {
    var a = fixture.settled("a", DEV1);
    var b = fixture.settled("b", DEV1);
    var c = fixture.settled("c", DEV1);
    fsck.start("m");
    var passed =
        new Passed(
            new Range(0, c.value()),
            17,
            List.of(new Doubt(a, Optional.of(DEV2))),
            List.of(b, c),
            new Orphans(5, 1, 3),
            new Speed(12.5, 25));

    assertThat(runs.pass("other", passed, 100)).isFalse();
    assertThat(runs.pass("m", passed, 2)).isTrue();
    assertThat(runs.pass("m", passed, 2)).as("a second time").isFalse();

    assertThat(fixture.query("SELECT fid, COALESCE(devid, 0), type FROM file_to_queue"))
        .as("one stalled file is one too many")
        .containsExactly(a + " 2 1", b + " 0 1");
    var run = runs.runs(1).getFirst();
    assertThat(run.tally().checked()).isEqualTo(17);
    assertThat(run.tally().stalled()).isEqualTo(1);
    assertThat(run.tally().orphans()).isEqualTo(new Orphans(5, 1, 3));
    assertThat(run.progress().speed()).isEqualTo(new Speed(12.5, 25));
    assertThat(runs.stand("m").orElseThrow().range()).isEqualTo(new Range(c.value(), c.value()));
    assertThat(runs.stand("m").orElseThrow().queued()).isEqualTo(2);
  }

  @Test
  void aRunIsRememberedFromItsStartToItsLastFile() throws Exception {
    var fid = fixture.settled("lost/\u00e9", DEV1);
    var terms =
        new FsckTerms(
            Depth.FULL,
            new Scope(Optional.of(StoreFixture.DOMAIN), Optional.empty(), Optional.empty()),
            OptionalLong.of(1000));
    assertThat(fsck.startFromTheFirst("a", terms)).isEqualTo(Start.STARTED);
    fsck.takeOver("a", "b");
    var run = runs.runs(1).getFirst();
    assertThat(run.outcome()).isEmpty();
    assertThat(run.origin()).isEqualTo(new FsckRunStore.Origin("command", "b", 1, terms));
    assertThat(runs.stand("b").orElseThrow().terms()).isEqualTo(terms);

    doubt("b", fid);
    assertThat(runs.finish("b")).isTrue();
    runs.settle();
    assertThat(runs.runs(1).getFirst().isClosed()).as("it is still queued").isFalse();
    conclude(fid, Event.of(FsckEvent.MISS, DEV1), Event.of(FsckEvent.GONE));
    fsck.checked(fixture.upkeep().todo().claim(Kind.FSCK, 10, Duration.ofSeconds(10)));
    assertThat(runs.runs(1).getFirst().tally().events()).isEqualTo(Map.of("MISS", 1L, "GONE", 1L));
    runs.settle();

    var closed = runs.run(run.number()).orElseThrow();
    assertThat(closed.isClosed()).isTrue();
    assertThat(closed.outcome()).contains(Outcome.FINISHED);
    assertThat(closed.tally().checked()).isEqualTo(1);
    assertThat(closed.tally().lost()).isEqualTo(1);
    assertThat(closed.tally().stalled()).isZero();
    assertThat(closed.tally().events()).isEqualTo(Map.of("MISS", 1L, "GONE", 1L));
    assertThat(runs.lost(run.number(), 0, 10))
        .containsExactly(new FsckRunStore.Lost(fid, "photos", "lost/\u00e9"));
    assertThat(runs.lost(run.number(), fid.value(), 10)).isEmpty();
  }

  @Test
  void eventsOfARunAreItsOwn() throws Exception {
    var fid = fixture.settled("k", DEV1);
    conclude(fid, Event.of(FsckEvent.BLEN, DEV1));
    fsck.start("m");
    conclude(fid, Event.of(FsckEvent.MISS, DEV1));
    fsck.clearLog();
    conclude(fid, Event.of(FsckEvent.MISS, DEV1));
    fsck.stop();
    runs.settle();
    conclude(fid, Event.of(FsckEvent.BCNT));

    var run = runs.runs(1).getFirst();

    assertThat(run.outcome()).contains(Outcome.STOPPED);
    assertThat(run.tally().events()).isEqualTo(Map.of("MISS", 2L));
  }

  @Test
  void whatNobodyAnswersForIsStalledInTheEnd() throws Exception {
    var fid = fixture.settled("k", DEV1);
    fsck.start("m");
    doubt("m", fid);
    runs.finish("m");
    var todo = fixture.upkeep().todo();
    todo.later(Kind.FSCK, todo.claim(Kind.FSCK, 10, Duration.ofSeconds(9)), Duration.ofHours(1));

    runs.settle();

    assertThat(runs.runs(1).getFirst().isClosed()).isTrue();
    assertThat(runs.runs(1).getFirst().tally().stalled()).isEqualTo(1);
  }

  @Test
  void aRunThatGoesOnAfterAStopIsAnother() throws Exception {
    fixture.settled("a", DEV1);
    var last = fixture.settled("b", DEV1);
    fsck.start("m");
    runs.pass("m", passed(new Range(0, last.value() - 1)), 10);
    fsck.stop();
    fsck.start("m");

    assertThat(runs.runs(10))
        .extracting(run -> run.progress().range())
        .containsExactly(new Range(last.value() - 1, last.value()), new Range(0, last.value()));
  }

  @Test
  void ofManyWhoStartWhatIsDueOneDoes() throws Exception {
    fixture.settled("a", DEV1);
    runs.seenTo(new Due("nightly", "0 3 * * *", 100));
    var due = new Due("nightly", "0 3 * * *", 200);
    var calls = new ArrayList<Callable<Start>>();
    for (int i = 0; i < 6; i++) {
      var host = "m" + i;
      calls.add(() -> runs.startDue(host, FsckTerms.USUAL.with(Depth.QUICK), due));
    }

    assertThat(StoreFixture.together(calls)).containsOnlyOnce(Start.STARTED);
    fsck.stop();
    assertThat(runs.startDue("m", FsckTerms.USUAL, due)).isNotEqualTo(Start.STARTED);
    assertThat(runs.seenTo(due)).isEqualTo(200);
    assertThat(runs.runs(10)).hasSize(1);
    assertThat(runs.runs(1).getFirst().origin().askedBy()).isEqualTo("nightly");
  }

  @Test
  void aScheduleThatSaysSomethingElseHasMissedNothing() {
    assertThat(runs.seenTo(new Due("nightly", "0 3 * * *", 100))).isEqualTo(100);
    assertThat(runs.seenTo(new Due("nightly", "0 3 * * *", 200))).isEqualTo(100);
    assertThat(runs.seenTo(new Due("nightly", "0 5 * * *", 300))).isEqualTo(300);
    runs.skip(new Due("nightly", "0 5 * * *", 400));
    assertThat(runs.seenTo(new Due("nightly", "0 5 * * *", 500))).isEqualTo(400);
  }

  @Test
  void claimsOnAFidAreThoseOfAllTables() throws Exception {
    var file = fixture.settled("a", DEV1);
    var open = fixture.open("b", DEV1);
    var deleted = fixture.settled("c", DEV2);
    fixture.stores().files().delete(StoreFixture.DOMAIN, new Key("c"));
    var unknown = new Fid(999);

    var claims = runs.claims(Set.of(file, open, deleted, unknown));

    assertThat(claims.get(file))
        .isEqualTo(new Claims(fixture.stores().files().find(file), Set.of(DEV1), false));
    assertThat(claims.get(open)).isEqualTo(new Claims(Optional.empty(), Set.of(), true));
    assertThat(claims.get(deleted))
        .isEqualTo(new Claims(Optional.empty(), Set.of(DEV1, DEV2), true));
    assertThat(claims.get(unknown)).isEqualTo(new Claims(Optional.empty(), Set.of(), false));
  }

  private static Passed passed(Range range) {
    return new Passed(range, 0, List.of(), List.of(), Orphans.NONE, new Speed(0, 0));
  }

  private void doubt(String host, Fid fid) {
    var passed =
        new Passed(
            new Range(0, fid.value()),
            0,
            List.of(new Doubt(fid, Optional.empty())),
            List.of(),
            Orphans.NONE,
            new Speed(0, 0));
    assertThat(runs.pass(host, passed, 10)).isTrue();
  }

  private void conclude(Fid fid, Event... events) {
    var conclusion =
        new Conclusion(fid, List.of(events), Set.of(), Set.of(), Optional.empty(), Set.of());
    assertThat(fsck.conclude(conclusion)).isTrue();
  }
}
