package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.file;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FileStore.KeyRange;
import io.hayloft.tracker.store.FileStore.Reclass;
import io.hayloft.tracker.store.FileStore.Rename;
import io.hayloft.tracker.store.KeyPage;
import io.hayloft.tracker.store.ReplicationStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
class FileStoreTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final FileStore files = fixture.stores().files();
  private final Tables tables;

  FileStoreTest(Tables tables) {
    this.tables = tables;
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
  void everyByteOfAKeyIsKept() {
    for (int first = 1; first < 256; first += 51) {
      var bytes = new StringBuilder();
      IntStream.range(first, Math.min(256, first + 51)).forEach(b -> bytes.append((char) b));
      var key = bytes.toString();
      var fid = fixture.stored(key);

      assertThat(files.find(DOMAIN, new Key(key))).contains(file(fid, key));
      assertThat(files.find(fid)).map(StoredFile::key).contains(new Key(key));
      assertThat(page(key.substring(0, 1), "", 10)).contains(key);
      assertThat(files.delete(DOMAIN, new Key(key))).isTrue();
    }
  }

  @Test
  void aKeyOfTheGreatestLengthIsKept() {
    var key = "\u00e9".repeat(255);
    var fid = fixture.stored(key);

    assertThat(files.locate(DOMAIN, new Key(key))).map(found -> found.file().fid()).contains(fid);
  }

  @Test
  void keysThatDifferInCaseOrBlanksAreDifferentInTablesOfOurs() throws SQLException {
    fixture.stored("Foo");
    var second = fixture.stored("foo");
    fixture.stored("foo ");

    assertThat(fixture.query("SELECT fid FROM file")).hasSize(tables == Tables.OURS ? 3 : 1);
    if (tables == Tables.OURS) {
      assertThat(files.find(DOMAIN, new Key("foo"))).contains(file(second, "foo"));
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    fixture.stored("key");

    assertThat(files.find(DOMAIN, new Key("kez"))).isEmpty();
    assertThat(files.find(new DomainId(2), new Key("key"))).isEmpty();
    assertThat(files.locate(DOMAIN, new Key("kez"))).isEmpty();
    assertThat(files.find(new Fid(4_000_000_000L))).isEmpty();
    assertThat(files.locate(List.of())).isEmpty();
    assertThat(files.devices(new Fid(4_000_000_000L))).isEmpty();
  }

  @Test
  void aFileWithoutLocationsIsLocatedNowhere() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("DELETE FROM file_on");

    assertThat(files.locate(DOMAIN, new Key("key")))
        .hasValueSatisfying(found -> assertThat(found.devices()).isEmpty());
    assertThat(files.locate(List.of(fid)))
        .containsEntry(fid, new FileStore.Located(file(fid, "key"), List.of()));
  }

  @Test
  void manyFilesAreLocatedTogether() throws SQLException {
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < 150; i++) {
      fids.add(fixture.stored("key" + i));
    }
    fixture.sql("INSERT INTO file_on SELECT fid, 2 FROM file");
    fids.add(new Fid(4_000_000_000L));

    var located = files.locate(fids);

    assertThat(located).hasSize(150);
    assertThat(located.values())
        .allSatisfy(found -> assertThat(found.devices()).containsExactlyInAnyOrder(DEV1, DEV2));
  }

  @Test
  void checksumsOfOtherAlgorithmsAreNotShown() throws SQLException {
    fixture.sql("INSERT INTO checksum VALUES (1, 1, REPEAT('a', 16)), (2, 9, 'x'), (3, 2, 'x')");

    assertThat(files.checksums(List.of(new Fid(1), new Fid(2), new Fid(3), new Fid(4))))
        .containsExactly(
            Map.entry(
                new Fid(1), Checksum.of(HashAlgorithm.MD5, "a".repeat(16).getBytes(US_ASCII))));
  }

  @Test
  void aPrefixIsTakenByItsBytes() {
    for (var key : List.of("a%1", "a_1", "a\\1", "ab1", "A%2", "a|3", "b")) {
      fixture.stored(key);
    }

    assertThat(list("a%")).containsExactly("a%1");
    assertThat(list("a_")).containsExactly("a_1");
    assertThat(list("a\\")).containsExactly("a\\1");
    assertThat(list("a|")).containsExactly("a|3");
    assertThat(list("A")).containsExactly("A%2");
    assertThat(list("a")).containsExactlyInAnyOrder("a%1", "a_1", "a\\1", "ab1", "a|3");
    assertThat(list("")).hasSize(7);
    assertThat(list("\u00ff")).isEmpty();
  }

  private List<String> list(String prefix) {
    return page(prefix, "", 100);
  }

  private List<String> page(String prefix, String after, int limit) {
    return files.listKeys(DOMAIN, new KeyRange(prefix, after, limit)).keys().stream()
        .map(Key::wire)
        .toList();
  }

  @Test
  void pagesHaveEachKeyOnce() throws SQLException {
    var keys = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      keys.add((i % 2 == 0 ? "Key" : "kEY") + (char) ('A' + i % 26) + i);
      keys.add((i % 2 == 0 ? "p\u00e9" : "p\u00c9") + i);
      keys.add("p " + i);
    }
    for (int i = 0; i < keys.size(); i++) {
      fixture.sql(
          "INSERT INTO file VALUES (%d, 1, CAST(X'%s' AS CHAR CHARACTER SET latin1), 1, 0, 1)"
              .formatted(i + 1, HexFormat.of().formatHex(new Key(keys.get(i)).bytes())));
    }

    for (var prefix : List.of("", "p", "K", "p\u00c9")) {
      var found = new ArrayList<String>();
      var page = page(prefix, "", 7);
      while (!page.isEmpty()) {
        assertThat(page).hasSizeLessThanOrEqualTo(7);
        found.addAll(page);
        page = page(prefix, page.getLast(), 7);
      }
      assertThat(found)
          .containsExactlyInAnyOrderElementsOf(
              keys.stream().filter(key -> key.startsWith(prefix)).toList());
      if (tables == Tables.OURS) {
        assertThat(found).isSorted();
      }
    }
  }

  @Test
  void afterWithoutTheKeyItselfGoesOnThere() {
    List.of("a", "c", "e").forEach(fixture::stored);

    assertThat(page("", "b", 10)).containsExactly("c", "e");
    assertThat(page("c", "a", 10)).containsExactly("c");
    assertThat(page("", "e", 10)).isEmpty();
    assertThat(page("", "", 0)).isEmpty();
  }

  @Test
  void manyPagesAskedForAtOnceAreEachTheirOwn() throws Exception {
    for (int i = 10; i < 50; i++) {
      fixture.stored("k" + i);
    }
    var heard = new ConcurrentHashMap<Integer, KeyPage>();
    var all = new CountDownLatch(40);

    for (int i = 9; i < 49; i++) {
      int after = i;
      files.listKeys(
          DOMAIN,
          new KeyRange("k", "k" + (i == 9 ? "" : i), 1),
          outcome -> {
            heard.put(after, outcome.get());
            all.countDown();
          });
    }

    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    heard.forEach(
        (after, page) -> assertThat(page.keys()).containsExactly(new Key("k" + (after + 1))));
  }

  @Test
  void theSuccessorOfAPrefixEndsItsRange() {
    assertThat(KeyListing.successor("ab")).contains("ac");
    assertThat(KeyListing.successor("a\u00ff")).contains("b");
    assertThat(KeyListing.successor("\u00ff\u00ff")).isEmpty();
    assertThat(KeyListing.successor("")).isEmpty();
  }

  @Test
  void filesAreListedByFid() {
    var fids = IntStream.range(0, 5).mapToObj(i -> fixture.stored("k" + i)).toList();

    assertThat(files.listFids(fids.get(0).value(), 3))
        .extracting(StoredFile::fid)
        .containsExactly(fids.get(1), fids.get(2), fids.get(3));
    assertThat(files.listFids(fids.get(4).value(), 3)).isEmpty();
  }

  @Test
  void deletingRemovesTheNameAndQueuesTheBytes() throws SQLException {
    var fid = fixture.stored("key");

    assertThat(files.delete(DOMAIN, new Key("key"))).isTrue();
    assertThat(files.delete(DOMAIN, new Key("key"))).isFalse();

    assertThat(files.find(fid)).isEmpty();
    assertThat(files.devices(fid)).containsExactly(DEV1);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2 WHERE nexttry <= UNIX_TIMESTAMP()"))
        .containsExactly(fid.toString());
  }

  @Test
  void ofManyDeletionsOneSucceeds() throws Exception {
    fixture.stored("key");

    var answers =
        together(
            Collections.nCopies(
                16, (Callable<Boolean>) () -> files.delete(DOMAIN, new Key("key"))));

    assertThat(answers).filteredOn(deleted -> deleted).hasSize(1);
  }

  @Test
  void renamingGivesAnotherKey() {
    var fid = fixture.stored("a");

    assertThat(files.rename(DOMAIN, new Key("a"), new Key("b"))).isEqualTo(Rename.RENAMED);

    assertThat(files.find(DOMAIN, new Key("a"))).isEmpty();
    assertThat(files.find(DOMAIN, new Key("b"))).contains(file(fid, "b"));
    assertThat(files.rename(DOMAIN, new Key("b"), new Key("b"))).isEqualTo(Rename.RENAMED);
    assertThat(files.rename(DOMAIN, new Key("a"), new Key("b"))).isEqualTo(Rename.NO_SUCH_KEY);
    assertThat(files.rename(DOMAIN, new Key("b"), new Key("B"))).isEqualTo(Rename.RENAMED);
  }

  @Test
  void renamingNeverOverwrites() {
    var a = fixture.stored("a");
    var b = fixture.stored("b");

    assertThat(files.rename(DOMAIN, new Key("a"), new Key("b"))).isEqualTo(Rename.TARGET_EXISTS);

    assertThat(files.find(DOMAIN, new Key("a"))).contains(file(a, "a"));
    assertThat(files.find(DOMAIN, new Key("b"))).contains(file(b, "b"));
  }

  @Test
  void ofManyRenamedToOneKeyOneGetsIt() throws Exception {
    var keys = IntStream.range(0, 12).mapToObj(i -> "k" + i).toList();
    keys.forEach(fixture::stored);

    var answers =
        together(
            keys.stream()
                .map(
                    key ->
                        (Callable<Rename>)
                            () -> files.rename(DOMAIN, new Key(key), new Key("target")))
                .toList());

    assertThat(answers).filteredOn(Rename.RENAMED::equals).hasSize(1);
    assertThat(answers).filteredOn(Rename.TARGET_EXISTS::equals).hasSize(11);
    assertThat(files.listFids(0, 100)).hasSize(12);
  }

  @Test
  void aChangedClassQueuesTheFileEvenWhenItWasGivenUp() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("UPDATE file_to_replicate SET nexttry = " + ReplicationStore.NEVER);

    assertThat(files.changeClass(DOMAIN, new Key("key"), new ClassId(3)))
        .isEqualTo(Reclass.CHANGED);

    assertThat(files.find(fid)).map(StoredFile::fileClass).contains(new ClassId(3));
    assertThat(fixture.query("SELECT fid, nexttry FROM file_to_replicate"))
        .containsExactly(fid + " 0");
    assertThat(files.changeClass(DOMAIN, new Key("key"), new ClassId(3))).isEqualTo(Reclass.SAME);
    assertThat(files.changeClass(DOMAIN, new Key("no"), new ClassId(3)))
        .isEqualTo(Reclass.NO_SUCH_KEY);
    fixture.sql("DELETE FROM file_on");
    assertThat(files.changeClass(DOMAIN, new Key("key"), new ClassId(4)))
        .isEqualTo(Reclass.NO_REPLICAS);
  }

  @Test
  void allRowsOfAFidAreShown() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1,2')".formatted(fid));
    fixture.sql("INSERT INTO file_to_delete2 VALUES (%s, 77, 3)".formatted(fid));
    fixture.sql(
        "INSERT INTO file_to_queue VALUES (%s, NULL, 1, 5, 0, 0, NULL), (%s, 4, 2, 6, 1, 0, '8,9')"
            .formatted(fid, fid));

    var rows = files.rows(fid);

    assertThat(rows.devices()).containsExactly(DEV1);
    assertThat(rows.checksum()).isEqualTo(Optional.empty());
    var groups = rows.groups();
    assertThat(groups.get("tempfile"))
        .containsEntry("dkey", "key")
        .containsEntry("devids", "1,2")
        .containsOnlyKeys("classid", "dmid", "dkey", "devids");
    assertThat(groups.get("replqueue"))
        .containsEntry("nexttry", "0")
        .containsEntry("fromdevid", "")
        .containsOnlyKeys("fid", "nexttry", "fromdevid", "failcount", "flags");
    assertThat(groups.get("delqueue")).containsEntry("nexttry", "77").hasSize(3);
    assertThat(groups.get("rebqueue")).containsEntry("arg", "8,9").containsEntry("devid", "4");
    assertThat(groups.get("fsckqueue")).containsEntry("devid", "").containsEntry("type", "1");
    assertThat(files.rows(new Fid(4_000_000_000L)).groups()).isEmpty();
  }
}
