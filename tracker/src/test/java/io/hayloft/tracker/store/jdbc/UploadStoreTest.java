package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.file;
import static io.hayloft.tracker.store.jdbc.StoreFixture.finished;
import static io.hayloft.tracker.store.jdbc.StoreFixture.opening;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.store.UploadStore;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Offer;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.hayloft.tracker.store.UploadStore.Pending;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class UploadStoreTest {

  private static final Closing CLOSED = new Closing.Closed(Optional.empty());
  private static final Checksum MD5 =
      Checksum.parse("MD5:5d41402abc4b2a76b9719d911017c592").orElseThrow();

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final UploadStore uploads = fixture.stores().uploads();

  UploadStoreTest(Tables tables) {
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
  void fidsGrow() {
    var first = fixture.open("a", DEV1);
    var second = fixture.open("a", DEV1);

    assertThat(second).isGreaterThan(first);
  }

  @Test
  void anOpenUploadIsFoundAsItWasOpened() {
    var opening = new Opening(DOMAIN, new ClassId(7), "k\u00fc \u00ff", List.of(DEV3, DEV1));

    var fid = uploads.open(opening, Optional.empty()).orElseThrow();

    assertThat(uploads.pending(fid)).map(Pending::opening).contains(opening);
    assertThat(uploads.pending(new Fid(fid.value() + 1))).isEmpty();
  }

  @Test
  void whatWasOfferedHereIsKnownWithoutAskingAndNothingElse() {
    var opening = new Opening(DOMAIN, new ClassId(7), "k", List.of(DEV3, DEV1));
    var fid = uploads.open(opening, Optional.empty()).orElseThrow();

    assertThat(uploads.offered(fid)).contains(Offer.of(opening));
    assertThat(uploads.offered(new Fid(fid.value() + 1))).isEmpty();
  }

  @Test
  void whoDoesNotWaitHearsHowItsUploadWasClosed() {
    var fid = fixture.open("a", DEV1);
    var first = new CompletableFuture<Closing>();
    var second = new CompletableFuture<Closing>();

    uploads.close(finished(fid, "a"), outcome -> first.complete(outcome.get()));
    assertThat(first.join()).isEqualTo(CLOSED);
    uploads.close(finished(fid, "a"), outcome -> second.complete(outcome.get()));
    assertThat(second.join()).isEqualTo(new Closing.NotOpen());
  }

  @Test
  void anExplicitFidIsTakenOnceAndMovesTheSequence() {
    var wanted = new Fid(fixture.open("a", DEV1).value() + 1000);

    assertThat(uploads.open(opening("k", DEV1), Optional.of(wanted))).contains(wanted);
    assertThat(uploads.open(opening("k", DEV1), Optional.of(wanted))).isEmpty();
    assertThat(fixture.open("b", DEV1)).isGreaterThan(wanted);
  }

  @Test
  void anExplicitFidThatWasInUseIsRefusedEvenWhenNothingIsLeftOfIt() throws SQLException {
    var used = fixture.stored("a");
    fixture.empty();

    assertThat(uploads.open(opening("k", DEV1), Optional.of(used))).isEmpty();
    assertThat(fixture.query("SELECT fid FROM tempfile")).isEmpty();
  }

  @Test
  void anExplicitFidThatOldTablesCannotHoldIsRefusedAndBurnsNothing() throws SQLException {
    var beyond = new Fid(4_294_967_296L);
    boolean narrow =
        fixture.query("SHOW COLUMNS FROM tempfile LIKE 'fid'").getFirst().startsWith("fid int");

    var opened = narrow ? uploads.open(opening("k", DEV1), Optional.of(beyond)) : Optional.empty();

    assertThat(opened).isEmpty();
    assertThat(fixture.query("SELECT fid FROM tempfile")).isEmpty();
    assertThat(fixture.open("b", DEV1)).isLessThan(beyond);
  }

  @Test
  void theNextFidCanBeAskedForExplicitly() {
    var next = new Fid(fixture.open("a", DEV1).value() + 1);

    assertThat(uploads.open(opening("k", DEV1), Optional.of(next))).contains(next);
    assertThat(uploads.pending(next)).isPresent();
  }

  @Test
  void ofManyWhoAskForOneFidOneGetsIt() throws Exception {
    var wanted = Optional.of(new Fid(fixture.open("a", DEV1).value() + 100));

    var answers =
        together(
            Collections.nCopies(
                8, (Callable<Optional<Fid>>) () -> uploads.open(opening("k", DEV1), wanted)));

    assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
  }

  @Test
  void aSequenceThatWasSetBackGivesNoFidTwice() throws SQLException {
    var file = fixture.stored("a");
    var doomed = fixture.stored("b");
    fixture.stores().files().delete(DOMAIN, new Key("b"));
    fixture.sql("DELETE FROM tempfile");
    fixture.sql("ALTER TABLE tempfile AUTO_INCREMENT = " + file);
    fixture.sql("DELETE FROM file_on");

    for (int i = 0; i < 5; i++) {
      assertThat(fixture.open("d", DEV1)).isGreaterThan(doomed);
    }
  }

  @Test
  void aSequenceThatWasSetBackFarIsNoticedEvenWhenNothingIsLeft() throws SQLException {
    var far = new Fid(fixture.open("a", DEV1).value() + 5000);
    uploads.open(opening("b", DEV1), Optional.of(far));
    fixture.empty();
    fixture.sql("ALTER TABLE tempfile AUTO_INCREMENT = 1");

    assertThat(fixture.open("c", DEV1)).isGreaterThan(far);
  }

  @Test
  void aFidOfTheTimeBeforeTheStartIsNotGivenAgain() throws SQLException {
    var used = fixture.stored("a");
    try (var restarted = new StoreFixture(DATABASE)) {
      restarted.open("b", DEV1);
      fixture.sql("DELETE FROM tempfile");
      fixture.sql("DELETE FROM file");
      fixture.sql("DELETE FROM file_on");
      fixture.sql("ALTER TABLE tempfile AUTO_INCREMENT = 1");

      assertThat(restarted.open("c", DEV1)).isGreaterThan(used);
    }
  }

  @Test
  void manyOpenersGetDifferentFids() throws Exception {
    Callable<List<Fid>> opens =
        () -> IntStream.range(0, 50).mapToObj(i -> fixture.open("k", DEV1)).toList();

    var fids = together(Collections.nCopies(6, opens)).stream().flatMap(List::stream).toList();

    assertThat(new HashSet<>(fids)).hasSize(300);
  }

  @Test
  void closingMakesTheKeyStandForTheFile() throws SQLException {
    var fid = fixture.open("x", DEV1, DEV2);

    var closing = uploads.close(new Finished(file(fid, "key"), DEV2, Optional.of(MD5)));

    assertThat(closing).isEqualTo(CLOSED);
    var files = fixture.stores().files();
    assertThat(files.locate(DOMAIN, new Key("key")))
        .hasValueSatisfying(
            found -> {
              assertThat(found.file()).isEqualTo(file(fid, "key"));
              assertThat(found.devices()).containsExactly(DEV2);
            });
    assertThat(files.checksums(List.of(fid))).containsEntry(fid, MD5);
    assertThat(uploads.pending(fid)).isEmpty();
    assertThat(fixture.query("SELECT fid, nexttry, failcount FROM file_to_replicate"))
        .containsExactly(fid + " 0 0");
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
  }

  @Test
  void closingOverAnotherFileQueuesThatForDeletion() throws SQLException {
    var old = fixture.stored("key");
    var fid = fixture.open("key", DEV1);

    assertThat(uploads.close(finished(fid, "key"))).isEqualTo(new Closing.Closed(Optional.of(old)));

    assertThat(fixture.query("SELECT fid FROM file")).containsExactly(fid.toString());
    assertThat(
            fixture.query(
                "SELECT fid, failcount FROM file_to_delete2 WHERE nexttry <= UNIX_TIMESTAMP()"
                    + " AND nexttry > UNIX_TIMESTAMP() - 60"))
        .containsExactly(old + " 0");
    assertThat(fixture.stores().files().devices(old)).containsExactly(DEV1);
  }

  @Test
  void whatIsNotOpenCannotBeClosed() throws SQLException {
    var fid = fixture.stored("key");

    assertThat(uploads.close(finished(fid, "key"))).isEqualTo(new Closing.NotOpen());
    assertThat(uploads.close(finished(new Fid(fid.value() + 7), "new")))
        .isEqualTo(new Closing.NotOpen());
    assertThat(fixture.query("SELECT fid FROM file")).containsExactly(fid.toString());
  }

  @Test
  void anUploadThatEndsOnADeviceMarkedDeadIsLeftAsItIs() throws SQLException {
    var fid = fixture.open("key", DEV1);
    fixture.sql("INSERT INTO device (devid, hostid, status) VALUES (1, 1, 'dead')");
    try {
      assertThat(uploads.close(finished(fid, "key"))).isEqualTo(new Closing.DeviceDead());
      assertThat(uploads.pending(fid)).isPresent();
      assertThat(fixture.query("SELECT fid FROM file")).isEmpty();
      assertThat(fixture.query("SELECT fid FROM file_on")).isEmpty();

      fixture.sql("UPDATE device SET status = 'down'");
      assertThat(uploads.close(finished(fid, "key"))).isInstanceOf(Closing.Closed.class);
    } finally {
      fixture.sql("DELETE FROM device");
    }
  }

  @Test
  void anUploadWhoseFidIsAFileIsLeftAsItIs() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1')".formatted(fid));

    assertThat(uploads.close(finished(fid, "key"))).isEqualTo(new Closing.FidExists());
    assertThat(uploads.close(finished(fid, "other"))).isEqualTo(new Closing.FidExists());

    assertThat(uploads.pending(fid)).isPresent();
    assertThat(fixture.query("SELECT fid FROM file")).containsExactly(fid.toString());
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
  }

  @Test
  void ofManyClosingsOfOneUploadExactlyOneSucceeds() throws Exception {
    var fid = fixture.open("key", DEV1);

    var endings =
        together(
            Collections.nCopies(32, (Callable<Closing>) () -> uploads.close(finished(fid, "key"))));

    assertThat(endings).filteredOn(Closing.Closed.class::isInstance).hasSize(1);
    assertThat(endings).filteredOn(Closing.NotOpen.class::isInstance).hasSize(31);
  }

  @Test
  void ofManyUploadsClosedUnderOneKeyOneStaysAndTheOthersAreDeleted() throws Exception {
    var fids = IntStream.range(0, 24).mapToObj(i -> fixture.open("key", DEV1)).toList();

    var endings =
        together(
            fids.stream()
                .map(fid -> (Callable<Closing>) () -> uploads.close(finished(fid, "key")))
                .toList());

    assertThat(endings).allMatch(Closing.Closed.class::isInstance);
    var left = fixture.query("SELECT fid FROM file");
    assertThat(left).hasSize(1);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).hasSize(23);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).doesNotContainAnyElementsOf(left);
  }

  @Test
  void aReaderNeverMissesAKeyThatIsBeingOverwritten() throws Exception {
    fixture.stored("key");
    var over = new AtomicBoolean();
    Callable<Boolean> reads =
        () -> {
          boolean always = true;
          while (!over.get()) {
            always &= fixture.stores().files().locate(DOMAIN, new Key("key")).isPresent();
          }
          return always;
        };
    Callable<Boolean> overwrites =
        () -> {
          try {
            IntStream.range(0, 60).forEach(i -> fixture.stored("key"));
          } finally {
            over.set(true);
          }
          return true;
        };

    assertThat(together(List.of(reads, reads, overwrites))).containsOnly(true);
  }

  @Test
  void abandoningQueuesWhatWasStored() throws SQLException {
    var fid = fixture.open("key", DEV1, DEV2);

    assertThat(uploads.abandon(fid, DEV2)).isTrue();
    assertThat(uploads.abandon(fid, DEV2)).isFalse();

    assertThat(uploads.pending(fid)).isEmpty();
    assertThat(fixture.query("SELECT fid, devid FROM file_on")).containsExactly(fid + " 2");
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly(fid.toString());
  }

  @Test
  void abandoningWhatIsAFileNeverDeletesIt() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1')".formatted(fid));

    assertThat(uploads.abandon(fid, DEV1)).isTrue();

    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
  }

  @Test
  void onlyOldUploadsAreExpired() throws SQLException {
    var old = fixture.open("a", DEV1, DEV2);
    var older = fixture.open("b", DEV3);
    fixture.open("c", DEV1);
    fixture.sql(
        "UPDATE tempfile SET createtime = UNIX_TIMESTAMP() - 3600 WHERE fid IN (%s, %s)"
            .formatted(old, older));

    assertThat(uploads.expired(Duration.ofHours(1), 10))
        .extracting(Pending::fid)
        .containsExactly(old, older);
    assertThat(uploads.expired(Duration.ofHours(1), 1))
        .extracting(Pending::fid)
        .containsExactly(old);
    assertThat(uploads.expired(Duration.ofHours(2), 10)).isEmpty();
  }

  @Test
  void expiringQueuesAllDevicesThatMayHaveBytes() throws SQLException {
    var lost = fixture.open("a", DEV1, DEV2);
    var closed = fixture.open("b", DEV1, DEV2);
    var both = List.of(uploads.pending(lost).orElseThrow(), uploads.pending(closed).orElseThrow());
    uploads.close(finished(closed, "b"));

    uploads.expire(both);

    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly(lost.toString());
    assertThat(fixture.query("SELECT fid, devid FROM file_on ORDER BY fid, devid"))
        .containsExactly(lost + " 1", lost + " 2", closed + " 1");
    assertThat(fixture.query("SELECT fid FROM tempfile")).isEmpty();
  }

  @Test
  void expiringWhatBecameAFileOnlyRemovesItsRow() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1,2')".formatted(fid));

    uploads.expire(uploads.expired(Duration.ofHours(1), 10));

    assertThat(fixture.query("SELECT fid FROM tempfile")).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
    assertThat(fixture.query("SELECT fid, devid FROM file_on")).containsExactly(fid + " 1");
  }
}
