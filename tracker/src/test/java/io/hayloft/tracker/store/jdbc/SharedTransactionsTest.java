package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.file;
import static io.hayloft.tracker.store.jdbc.StoreFixture.finished;
import static io.hayloft.tracker.store.jdbc.StoreFixture.opening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.FaultyProxy;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.model.StoredFile.Name;
import io.hayloft.tracker.store.FileStore.Rename;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.jdbc.FileBatches.Renamed;
import io.hayloft.tracker.store.jdbc.FileBatches.Renaming;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody suffers for those whose requests are carried out together with his. */
@ParameterizedClass
@EnumSource(Tables.class)
class SharedTransactionsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Closing CLOSED = new Closing.Closed(Optional.empty());

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final GatedStores stores = GatedStores.on(DATABASE);

  SharedTransactionsTest(Tables tables) {
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
    stores.close();
    fixture.close();
  }

  /** Two uploads that nobody opened: they go before the others, which then go together. */
  private List<Closing> close(List<Finished> uploads) throws Exception {
    var calls = new ArrayList<Callable<Closing>>();
    for (var upload : uploads) {
      calls.add(() -> stores.uploads().close(upload));
    }
    Callable<Closing> nothing =
        () -> stores.uploads().close(finished(new Fid(4_000_000_000L), "x"));
    calls.addAll(0, List.of(nothing, nothing));
    var ends = stores.together(calls);
    return ends.subList(2, ends.size());
  }

  private List<Finished> opened(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> finished(fixture.open("k" + i, DEV1), "k" + i))
        .toList();
  }

  private List<String> files() throws SQLException {
    return fixture.query("SELECT fid FROM file ORDER BY fid");
  }

  @Test
  void anUploadWhoseFidIsAFileFailsAlone() throws Exception {
    var taken = fixture.stored("taken");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1')".formatted(taken));
    var uploads = new ArrayList<>(opened(5));
    uploads.add(2, finished(taken, "other"));

    var ends = close(uploads);

    assertThat(ends.get(2)).isEqualTo(new Closing.FidExists());
    assertThat(ends).filteredOn(CLOSED::equals).hasSize(5);
    assertThat(files()).hasSize(6);
    assertThat(fixture.query("SELECT fid FROM tempfile")).containsExactly(taken.toString());
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
  }

  @Test
  void anUploadWhoseFidIsAFileFailsAloneBesideOneThatIsNotOpen() throws Exception {
    var taken = fixture.stored("taken");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1')".formatted(taken));

    assertThat(close(List.of(finished(new Fid(4_000_000_001L), "y"), finished(taken, "other"))))
        .containsExactly(new Closing.NotOpen(), new Closing.FidExists());
  }

  @Test
  void whatNoTableTakesFailsAlone() throws Exception {
    var uploads = new ArrayList<>(opened(4));
    var bad = uploads.get(1).file();
    var calls = new ArrayList<Callable<Optional<Closing>>>();
    uploads.set(
        1,
        new Finished(
            new StoredFile(bad.fid(), bad.name(), -1, bad.fileClass(), 1), DEV1, Optional.empty()));
    for (var upload : uploads) {
      calls.add(
          () -> {
            try {
              return Optional.of(stores.uploads().close(upload));
            } catch (StoreException e) {
              return Optional.empty();
            }
          });
    }
    calls.addAll(
        0,
        Collections.nCopies(
            2, () -> Optional.of(stores.uploads().close(finished(new Fid(4_000_000_000L), "x")))));

    assertThat(stores.together(calls).stream().skip(2))
        .containsExactly(
            Optional.of(CLOSED), Optional.empty(), Optional.of(CLOSED), Optional.of(CLOSED));
    assertThat(files()).hasSize(3);
  }

  @Test
  void aKeyThatIsTakenThroughAnotherTrackerAtThatMomentIsReplaced() throws Exception {
    var uploads = opened(4);
    var other = fixture.open("other", DEV1);
    try (var elsewhere = DATABASE.connect();
        var statement = elsewhere.createStatement()) {
      elsewhere.setAutoCommit(false);
      statement.execute("DELETE FROM tempfile WHERE fid = " + other);
      statement.execute(
          "INSERT INTO file (fid, dmid, dkey, length, classid, devcount)"
              + " VALUES (%s, 1, 'k2', 5, 0, 1)".formatted(other));
      var commits =
          new FutureTask<>(
              () -> {
                await().until(SharedTransactionsTest::isALockWaitedFor);
                elsewhere.commit();
                return true;
              });
      Thread.ofPlatform().start(commits);

      var ends = close(uploads);

      assertThat(commits.get()).isTrue();
      assertThat(ends).allMatch(Closing.Closed.class::isInstance);
      assertThat(ends.get(2)).isEqualTo(new Closing.Closed(Optional.of(other)));
    }
    assertThat(files()).hasSize(4);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly(other.toString());
  }

  private static boolean isALockWaitedFor() throws SQLException {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.innodb_trx"
                    + " WHERE trx_state = 'LOCK WAIT'")) {
      return rows.next() && rows.getInt(1) > 0;
    }
  }

  @Test
  void aKeyThatExistsIsNotRenamedToAndTheOthersAre() throws Exception {
    for (int i = 0; i < 4; i++) {
      fixture.stored("k" + i);
    }
    var renamings =
        IntStream.range(0, 4)
            .mapToObj(i -> new Renaming(DOMAIN, new Key("k" + i), new Key("new" + i)))
            .toList();
    fixture.stored("new1");

    var calls =
        renamings.stream()
            .map(
                each ->
                    (Callable<Rename>)
                        () -> stores.files().rename(each.domain(), each.from(), each.to()))
            .toList();
    assertThat(stores.together(calls))
        .containsExactly(Rename.RENAMED, Rename.TARGET_EXISTS, Rename.RENAMED, Rename.RENAMED);
  }

  @Test
  void aBatchThatLosesAtItsCommitIsCarriedOutOnceMore() throws Exception {
    var uploads = opened(5);
    var replaced = fixture.stored("k3");

    try (var cluster = GatedStores.with(CommitConflict.once(DATABASE))) {
      assertThat(cluster.uploads().closeAll(uploads))
          .containsExactly(
              CLOSED, CLOSED, CLOSED, new Closing.Closed(Optional.of(replaced)), CLOSED);
    }
    try (var cluster = GatedStores.with(CommitConflict.once(DATABASE))) {
      assertThat(cluster.files().renameAll(renamings())).containsOnly(Rename.RENAMED).hasSize(3);
    }
    try (var cluster = GatedStores.with(CommitConflict.once(DATABASE))) {
      assertThat(cluster.files().deleteAll(names("k3", "no", "k4")))
          .containsExactly(true, false, true);
    }

    assertThat(fixture.query("SELECT dkey FROM file ORDER BY dkey"))
        .containsExactly("n0", "n1", "n2");
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).hasSize(3);
  }

  private static List<Renaming> renamings() {
    return IntStream.range(0, 3)
        .mapToObj(i -> new Renaming(DOMAIN, new Key("k" + i), new Key("n" + i)))
        .toList();
  }

  private static List<Name> names(String... keys) {
    return Stream.of(keys).map(key -> new Name(DOMAIN, new Key(key))).toList();
  }

  @Test
  void whatWasCommittedBeforeTheConnectionBrokeIsTold() throws Exception {
    var uploads = opened(5);
    try (var proxy = FaultyProxy.before(DATABASE.url());
        var behind =
            GatedStores.on(
                DatabaseConfig.of(
                    proxy.through(DATABASE.url()), DATABASE.user(), DATABASE.password()))) {
      assertThat(behind.files().deleteAll(names("none"))).containsExactly(false);

      proxy.cutAfter("COMMIT");
      assertThat(behind.uploads().closeAll(uploads)).containsOnly(CLOSED).hasSize(5);
      proxy.cutAfter("COMMIT");
      assertThat(behind.files().renameAll(renamings())).containsOnly(Rename.RENAMED).hasSize(3);
      proxy.cutAfter("COMMIT");
      assertThat(behind.files().deleteAll(names("n0", "no", "k4")))
          .containsExactly(true, false, true);
    }

    assertThat(fixture.query("SELECT dkey FROM file ORDER BY dkey"))
        .containsExactly("k3", "n1", "n2");
  }

  /** What was sent with the commit may still be being carried out when the connection is gone. */
  @Test
  void closingsThatTheDatabaseIsStillAboutAreWaitedFor() throws Exception {
    var upload = opened(1).getFirst();
    var fid = upload.file().fid();
    try (var elsewhere = DATABASE.connect();
        var statement = elsewhere.createStatement()) {
      elsewhere.setAutoCommit(false);
      statement.execute("DELETE FROM tempfile WHERE fid = " + fid);
      var commits =
          new FutureTask<>(
              () -> {
                await().until(SharedTransactionsTest::isALockWaitedFor);
                statement.execute("INSERT INTO file VALUES (%s, 1, 'k0', 5, 0, 1)".formatted(fid));
                elsewhere.commit();
                return true;
              });
      Thread.ofPlatform().start(commits);

      assertThat(seen(session -> UploadBatches.areFiles(session, List.of(upload), closed(1))))
          .isTrue();
      assertThat(commits.get()).isTrue();
    }
  }

  @Test
  void oneUploadThatIsClosedElsewhereDoesNotStandForTheOthers() throws SQLException {
    var uploads = opened(3);
    fixture.stores().uploads().close(uploads.getFirst());

    assertThat(seen(session -> UploadBatches.areFiles(session, uploads, closed(3)))).isFalse();

    uploads.subList(1, 3).forEach(fixture.stores().uploads()::close);
    assertThat(seen(session -> UploadBatches.areFiles(session, uploads, closed(3)))).isTrue();
    fixture.stores().files().delete(DOMAIN, new Key("k2"));
    assertThat(seen(session -> UploadBatches.areFiles(session, uploads, closed(3)))).isFalse();
  }

  private static List<Closing> closed(int count) {
    return Collections.nCopies(count, CLOSED);
  }

  @Test
  void anUploadThatTheNextOfThemReplacedIsNotMissed() throws SQLException {
    var replaced = fixture.open("key", DEV1);
    var last = fixture.stored("key");
    var uploads = List.of(finished(replaced, "KEY"), finished(last, "key"));
    List<Closing> ends = List.of(CLOSED, new Closing.Closed(Optional.of(replaced)));

    assertThat(seen(session -> UploadBatches.areFiles(session, uploads, ends))).isTrue();
  }

  @Test
  void oneFileThatIsRenamedElsewhereDoesNotStandForTheOthers() throws SQLException {
    var fids = IntStream.range(0, 3).mapToObj(i -> fixture.stored("k" + i)).toList();
    var ends = fids.stream().map(fid -> new Renamed(Rename.RENAMED, Optional.of(fid))).toList();
    fixture.stores().files().rename(DOMAIN, new Key("k0"), new Key("n0"));

    assertThat(seen(session -> FileBatches.areRenamed(session, renamings(), ends))).isFalse();

    fixture.stores().files().rename(DOMAIN, new Key("k1"), new Key("n1"));
    fixture.stores().files().rename(DOMAIN, new Key("k2"), new Key("n2"));
    assertThat(seen(session -> FileBatches.areRenamed(session, renamings(), ends))).isTrue();
    fixture.stores().files().delete(DOMAIN, new Key("n1"));
    fixture.stored("n1");
    assertThat(seen(session -> FileBatches.areRenamed(session, renamings(), ends)))
        .as("another file under the new key")
        .isFalse();
  }

  @Test
  void oneFileThatIsDeletedElsewhereDoesNotStandForTheOthers() throws SQLException {
    var fids = IntStream.range(0, 2).mapToObj(i -> Optional.of(fixture.stored("k" + i))).toList();
    fixture.stores().files().delete(DOMAIN, new Key("k0"));

    assertThat(seen(session -> JdbcFileStore.areGone(fids, session))).isFalse();

    fixture.stores().files().delete(DOMAIN, new Key("k1"));
    assertThat(seen(session -> JdbcFileStore.areGone(fids, session))).isTrue();
  }

  @Test
  void aKeyThatIsBeingOverwrittenIsNotMissed() throws Exception {
    for (var keys : List.of(names("key"), names("key", "other"))) {
      whileItIsOverwritten(
          () -> assertThat(stores.files().deleteAll(keys)).containsOnly(true).hasSize(keys.size()));
      whileItIsOverwritten(
          () ->
              assertThat(
                      stores
                          .files()
                          .renameAll(
                              keys.stream()
                                  .map(
                                      name ->
                                          new Renaming(
                                              DOMAIN,
                                              name.key(),
                                              new Key("new-" + name.key().wire())))
                                  .toList()))
                  .containsOnly(Rename.RENAMED)
                  .hasSize(keys.size()));
    }
  }

  /**
   * By a file whose row comes before the old one, which is waited for, in the index of the keys.
   */
  private void whileItIsOverwritten(Runnable action) throws Exception {
    fixture.empty();
    fixture.stored("other");
    var lower = fixture.open("key", DEV1);
    var old = fixture.stored("key");
    try (var elsewhere = DATABASE.connect();
        var statement = elsewhere.createStatement()) {
      elsewhere.setAutoCommit(false);
      statement.execute("DELETE FROM file WHERE fid = " + old);
      var commits =
          new FutureTask<>(
              () -> {
                await().until(SharedTransactionsTest::isALockWaitedFor);
                statement.execute(
                    "INSERT INTO file VALUES (%s, 1, 'key', 5, 0, 1)".formatted(lower));
                elsewhere.commit();
                return true;
              });
      Thread.ofPlatform().start(commits);

      action.run();

      assertThat(commits.get()).isTrue();
    }
  }

  private boolean seen(Transactions.Work<Boolean> look) {
    return stores.transactions().single(look);
  }

  @Test
  void ofManyClosingsOfOneUploadOneSucceedsWhileOthersAreClosedUnderItsKey() throws Exception {
    var fid = fixture.open("key", DEV1);
    var others = IntStream.range(0, 16).mapToObj(i -> fixture.open("key", DEV1)).toList();
    var calls = new ArrayList<Callable<Closing>>();
    for (int i = 0; i < 32; i++) {
      calls.add(() -> stores.uploads().close(finished(fid, "key")));
      if (i % 2 == 0) {
        var other = others.get(i / 2);
        calls.add(() -> fixture.stores().uploads().close(finished(other, "key")));
      }
    }

    var ends = stores.together(calls);

    assertThat(ends).filteredOn(Closing.Closed.class::isInstance).hasSize(17);
    assertThat(ends).filteredOn(Closing.NotOpen.class::isInstance).hasSize(31);
    assertThat(files()).hasSize(1);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).hasSize(16);
    assertThat(fixture.query("SELECT fid FROM file_on")).hasSize(17);
  }

  @Test
  void keysWithBytesBeyondAsciiAreRenamedTogether() {
    var keys = List.of("\u00fc1", "\u00ff2", "\u00803", "plain");
    var fids = keys.stream().map(fixture::stored).toList();

    var ends =
        stores
            .files()
            .renameAll(
                keys.stream()
                    .map(key -> new Renaming(DOMAIN, new Key(key), new Key(key + "\u00e9\u00ff")))
                    .toList());

    assertThat(ends).containsOnly(Rename.RENAMED);
    for (int i = 0; i < keys.size(); i++) {
      var key = keys.get(i) + "\u00e9\u00ff";
      assertThat(stores.files().find(fids.get(i))).contains(file(fids.get(i), key));
      assertThat(stores.files().locate(DOMAIN, new Key(key))).isPresent();
    }
  }

  @Test
  void anOpeningThatNoTableTakesFailsAlone() throws Exception {
    var calls = new ArrayList<Callable<Optional<Fid>>>();
    for (int i = 0; i < 9; i++) {
      var key = i == 5 ? "x".repeat(300) : "k" + i;
      calls.add(
          () -> {
            try {
              return stores.uploads().open(opening(key, DEV1), Optional.empty());
            } catch (StoreException e) {
              return Optional.empty();
            }
          });
    }

    var fids = stores.together(calls);

    assertThat(fids).filteredOn(Optional::isEmpty).hasSize(1);
    for (int i = 0; i < 9; i++) {
      if (i != 5) {
        assertThat(stores.uploads().pending(fids.get(i).orElseThrow()).orElseThrow().opening())
            .isEqualTo(opening("k" + i, DEV1));
      }
    }
    assertThatThrownBy(
            () -> stores.uploads().open(opening("x".repeat(300), DEV1), Optional.empty()))
        .isInstanceOf(StoreException.class);
  }
}
