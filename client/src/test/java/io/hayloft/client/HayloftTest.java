package io.hayloft.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation as it goes when nothing fails, and when the trackers say no. */
class HayloftTest {

  private final FakeCluster cluster = new FakeCluster(1);
  private final Hayloft hayloft = client().build();

  private HayloftBuilder client() {
    return Hayloft.builder().trackers(cluster.tracker().address().toString()).domain("photos");
  }

  @AfterEach
  void stop() {
    hayloft.close();
    cluster.close();
  }

  static byte[] bytes(int count) {
    var bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatWasStoredIsRead() throws IOException {
    var stored = hayloft.store("u/1", "hello".getBytes(UTF_8));

    assertThat(stored.length()).isEqualTo(5);
    assertThat(stored.fid().value()).isEqualTo(cluster.stored("u/1").orElseThrow().fid());
    assertThat(hayloft.read("u/1")).isEqualTo("hello".getBytes(UTF_8));
    assertThat(cluster.tracker().commands())
        .containsExactly("create_open", "create_close", "get_paths", "file_info");
  }

  @Test
  void uploadNamesSizeClassAndDomainAndClosesWithItsLength() throws IOException {
    hayloft.store("k", Source.of(bytes(70)), StoreOptions.DEFAULT.fileClass("thumb"));

    var open = cluster.tracker().requests("create_open").get(0).arguments();
    assertThat(open.text("multi_dest")).isEqualTo("1");
    assertThat(open.text("size")).isEqualTo("70");
    assertThat(open.text("class")).isEqualTo("thumb");
    assertThat(open.text("domain")).isEqualTo("photos");
    var close = cluster.tracker().requests("create_close").get(0).arguments();
    assertThat(close.text("size")).isEqualTo("70");
    assertThat(close.text("devid")).isEqualTo("1");
    assertThat(close.text("path")).isEqualTo(cluster.url(1, 1));
    assertThat(close.has("checksum")).isFalse();
    assertThat(close.has("mincopies")).isFalse();
  }

  @Test
  void defaultClassIsSaidByNotNamingOne() throws IOException {
    hayloft.store("k", Source.of(bytes(1)), StoreOptions.DEFAULT.fileClass("default"));

    assertThat(cluster.tracker().requests("create_open").get(0).arguments().has("class")).isFalse();
  }

  @Test
  void clientsOwnClassIsUsedUnlessAnotherIsNamed() throws IOException {
    try (var thumbs = client().fileClass("thumb").build()) {
      thumbs.store("a", bytes(1));
      thumbs.store("b", Source.of(bytes(1)), StoreOptions.DEFAULT.fileClass("large"));
    }

    assertThat(cluster.stored("a").orElseThrow().fileClass()).isEqualTo("thumb");
    assertThat(cluster.stored("b").orElseThrow().fileClass()).isEqualTo("large");
  }

  @Test
  void zoneGoesWithEveryCommandAboutAddresses() throws IOException {
    try (var alternate = client().zone("alt").build()) {
      alternate.store("a", bytes(1));
      assertThat(alternate.read("a")).hasSize(1);
    }

    for (var command : List.of("create_open", "create_close", "get_paths")) {
      assertThat(cluster.tracker().requests(command).get(0).arguments().text("zone"))
          .as(command)
          .isEqualTo("alt");
    }
  }

  @Test
  void emptyFileIsStoredAndReadWithoutANode() throws IOException {
    hayloft.store("empty", new byte[0]);
    int before = cluster.nodes.get(0).asked().size();

    assertThat(hayloft.read("empty")).isEmpty();
    try (var stream = hayloft.open("empty")) {
      assertThat(stream.read()).isEqualTo(-1);
    }
    assertThat(cluster.nodes.get(0).asked()).hasSize(before);
  }

  @Test
  void oldTrackersSingleDestinationIsUnderstood() throws IOException {
    cluster.single = true;

    hayloft.store("k", bytes(10));

    assertThat(hayloft.read("k")).isEqualTo(bytes(10));
  }

  @Test
  void everyKindOfSourceArrivesWhole(@TempDir Path directory) throws IOException {
    var content = bytes(700_000);
    var file = Files.write(directory.resolve("f"), content);

    hayloft.store("array", content);
    hayloft.store("file", file);
    hayloft.store("sized", new ByteArrayInputStream(content), content.length);
    hayloft.store("unsized", new ByteArrayInputStream(content));
    hayloft.store("small", new ByteArrayInputStream(bytes(10)));

    for (var key : List.of("array", "file", "sized", "unsized")) {
      assertThat(hayloft.read(key)).as(key).isEqualTo(content);
    }
    assertThat(hayloft.read("small")).isEqualTo(bytes(10));
    var puts = cluster.nodes.get(0).asked().stream().filter(a -> a.method().equals("PUT")).toList();
    assertThat(puts.get(0).headers()).containsEntry("content-length", "700000");
    assertThat(puts.get(2).headers()).containsEntry("content-length", "700000");
    assertThat(puts.get(3).headers()).containsEntry("transfer-encoding", "chunked");
    // A short stream is held in memory, so that its length is known after all.
    assertThat(puts.get(4).headers()).containsEntry("content-length", "10");
  }

  @Test
  void onlyAStreamThatCannotBeReadAgainAsksBeforeItIsSent() throws IOException {
    hayloft.store("array", bytes(700_000));
    hayloft.store("stream", new ByteArrayInputStream(bytes(700_000)));

    assertThat(cluster.nodes.get(0).asked().get(0).headers()).doesNotContainKey("expect");
    assertThat(cluster.nodes.get(0).asked().get(1).headers())
        .containsEntry("expect", "100-continue");
  }

  @Test
  void checksumIsMadeWhileSendingAndGivenToTheTracker() throws IOException {
    var options = StoreOptions.DEFAULT.checksumVerified(HashAlgorithm.MD5).mincopies(2);
    cluster.copies = 2;

    var stored = hayloft.store("k", Source.of("hello".getBytes(UTF_8)), options);

    var close = cluster.tracker().requests("create_close").get(0).arguments();
    assertThat(close.text("checksum")).isEqualTo("MD5:5d41402abc4b2a76b9719d911017c592");
    assertThat(close.text("checksumverify")).isEqualTo("1");
    assertThat(close.text("mincopies")).isEqualTo("2");
    assertThat(stored.checksum().orElseThrow().hex()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
    assertThat(hayloft.info("k").orElseThrow().checksum()).isEqualTo(stored.checksum());
  }

  @Test
  void progressIsToldUpAndDown() throws IOException {
    var up = new ArrayList<Long>();
    var down = new ArrayList<Long>();

    hayloft.store(
        "k",
        Source.of(bytes(200_000)),
        StoreOptions.DEFAULT.progress(
            (moved, total) -> {
              assertThat(total).hasValue(200_000);
              up.add(moved);
            }));
    hayloft.read(
        Key.utf8("k"),
        1_000_000,
        ReadOptions.DEFAULT.progress(
            (moved, total) -> {
              assertThat(total).hasValue(200_000);
              down.add(moved);
            }));

    assertThat(up).isSorted().endsWith(200_000L);
    assertThat(down).isSorted().endsWith(200_000L);
  }

  @Test
  void partOfAFileIsAskedForAsAPart() throws IOException {
    cluster.keep("k", bytes(1000), "");

    try (var part = hayloft.openRange("k", 100, 50)) {
      assertThat(part.readAllBytes())
          .isEqualTo(java.util.Arrays.copyOfRange(bytes(1000), 100, 150));
    }
    try (var end = hayloft.openRange("k", 990, 50)) {
      assertThat(end.readAllBytes()).hasSize(10);
    }
    try (var beyond = hayloft.openRange("k", 2000, 50)) {
      assertThat(beyond.readAllBytes()).isEmpty();
    }

    assertThat(cluster.nodes.get(0).asked().get(0).headers())
        .containsEntry("range", "bytes=100-149");
    assertThat(cluster.nodes.get(0).asked()).hasSize(2);
  }

  @Test
  void fileTooLargeForAnArrayIsRefusedBeforeAnyOfItIsRead() {
    cluster.keep("k", bytes(1000), "");

    assertThatThrownBy(() -> hayloft.read(Key.utf8("k"), 999, ReadOptions.DEFAULT))
        .isInstanceOf(HayloftException.class)
        .hasMessageContaining("1000 bytes, more than the 999 allowed");
    assertThat(cluster.nodes.get(0).asked()).isEmpty();
  }

  @Test
  void fetchedFileReplacesTheOldOne(@TempDir Path directory) throws IOException {
    cluster.keep("k", bytes(300_000), "");
    var target = Files.writeString(directory.resolve("f"), "old");

    hayloft.fetch("k", target);

    assertThat(target).hasBinaryContent(bytes(300_000));
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(target);
    }
  }

  @Test
  void missingFileIsSaidInOneWayEverywhere(@TempDir Path directory) throws IOException {
    List<Callable<?>> reads =
        List.of(
            () -> hayloft.open("none"),
            () -> hayloft.openRange("none", 0, 1),
            () -> hayloft.read("none"),
            () -> hayloft.paths("none"),
            () -> {
              hayloft.fetch("none", directory.resolve("f"));
              return 0;
            },
            () -> {
              hayloft.rename("none", "other");
              return 0;
            },
            () -> {
              hayloft.changeClass("none", "thumb");
              return 0;
            });

    for (var read : reads) {
      assertThatThrownBy(read::call)
          .isInstanceOf(FileMissingException.class)
          .hasMessage("there is no file of key none in domain photos");
    }
    assertThat(hayloft.exists("none")).isFalse();
    assertThat(hayloft.info("none")).isEmpty();
    assertThat(hayloft.delete("none")).isFalse();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void infoSaysAllTheTrackerKnows() throws IOException {
    var stored = cluster.keep("k", bytes(9), "SHA-1:" + "ab".repeat(20));

    var info = hayloft.info("k").orElseThrow();

    assertThat(info.fid().value()).isEqualTo(stored.fid());
    assertThat(info.length()).isEqualTo(9);
    assertThat(info.fileClass()).isEqualTo("default");
    assertThat(info.name().domain()).isEqualTo("photos");
    assertThat(info.copies().count()).isEqualTo(2);
    assertThat(info.copies().devices()).containsExactly(new DeviceId(1), new DeviceId(2));
    assertThat(info.checksum().orElseThrow().algorithm()).isEqualTo(HashAlgorithm.SHA_1);
  }

  @Test
  void pathsAreThoseTheTrackerNames() throws IOException {
    var stored = cluster.keep("k", bytes(9), "");

    var paths = hayloft.paths(Key.utf8("k"), new PathOptions(true, 5));

    assertThat(paths)
        .extracting(Object::toString)
        .containsExactly(cluster.url(1, stored.fid()), cluster.url(2, stored.fid()));
    var asked = cluster.tracker().requests("get_paths").get(0).arguments();
    assertThat(asked.text("noverify")).isEqualTo("0");
    assertThat(asked.text("pathcount")).isEqualTo("5");
  }

  @Test
  void keysAreBytesAndTextIsUtf8() throws IOException {
    var latin = Key.of("ol\u00e9".getBytes(ISO_8859_1));
    hayloft.store("olé & 100% = a+b c", bytes(3));
    hayloft.store(latin, Source.of(bytes(4)), StoreOptions.DEFAULT);

    assertThat(hayloft.read("olé & 100% = a+b c")).hasSize(3);
    assertThat(hayloft.read(latin, 10, ReadOptions.DEFAULT)).hasSize(4);
    assertThat(hayloft.list("ol")).containsExactlyInAnyOrder(Key.utf8("olé & 100% = a+b c"), latin);
  }

  @Test
  void keysThatCannotBeAreRefusedAtOnce() {
    assertThatThrownBy(() -> hayloft.exists("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hayloft.exists("é".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(cluster.tracker().commands()).isEmpty();
  }

  @Test
  void renamedFileHasOnlyItsNewKey() throws IOException {
    cluster.keep("a", bytes(3), "");
    cluster.keep("taken", bytes(4), "");

    hayloft.rename("a", "b");

    assertThat(hayloft.exists("a")).isFalse();
    assertThat(hayloft.read("b")).isEqualTo(bytes(3));
    assertThatThrownBy(() -> hayloft.rename("b", "taken"))
        .isInstanceOfSatisfying(
            HayloftException.class,
            e -> {
              assertThat(e.errorCode()).contains(ErrorCode.KEY_EXISTS);
              assertThat(e.isRetryable()).isFalse();
            });
  }

  @Test
  void deletedFileIsGone() throws IOException {
    cluster.keep("a", bytes(3), "");

    assertThat(hayloft.delete("a")).isTrue();
    assertThat(hayloft.delete("a")).isFalse();
    assertThat(hayloft.exists("a")).isFalse();
  }

  @Test
  void classOfAFileIsChanged() throws IOException {
    cluster.keep("a", bytes(3), "");

    hayloft.changeClass("a", "thumb");

    assertThat(hayloft.info("a").orElseThrow().fileClass()).isEqualTo("thumb");
  }

  @Test
  void listAsksForItsNextPageOnlyWhenItIsNeeded() {
    for (int i = 0; i < 2500; i++) {
      cluster.keep(String.format("k%05d", i), new byte[0], "");
    }
    cluster.keep("other", new byte[0], "");

    assertThat(hayloft.list("k").limit(3)).hasSize(3);
    assertThat(cluster.tracker().requests("list_keys")).hasSize(1);

    assertThat(hayloft.list("k")).hasSize(2500).isSorted();
    assertThat(cluster.tracker().requests("list_keys")).hasSize(4);
    assertThat(hayloft.list("k", Optional.of(Key.utf8("k02497"))))
        .containsExactly(Key.utf8("k02498"), Key.utf8("k02499"));
    assertThat(hayloft.list("nothing")).isEmpty();
  }

  @Test
  void listOfExactlyFullPagesEnds() {
    for (int i = 0; i < 2000; i++) {
      cluster.keep(String.format("k%05d", i), new byte[0], "");
    }

    assertThat(hayloft.list("")).hasSize(2000);
  }

  @Test
  void refusalSaysWhatWhichWhereAndWhatToDo() {
    assertThatThrownBy(
            () -> hayloft.store("k", Source.of(bytes(1)), StoreOptions.DEFAULT.fileClass("nope")))
        .isInstanceOfSatisfying(
            HayloftException.class,
            e -> {
              assertThat(e.code()).contains("unreg_class");
              assertThat(e.command()).contains("create_open");
              assertThat(e.tracker()).contains(cluster.tracker().address().toString());
              assertThat(e.isRetryable()).isFalse();
            })
        .hasMessageContaining("key k in domain photos")
        .hasMessageContaining("unreg_class")
        .hasMessageEndingWith("Create the class in this domain first, or correct its name");
  }

  @Test
  void oneClientServesManyThreads() throws InterruptedException, ExecutionException {
    var pool = Executors.newFixedThreadPool(8);
    try {
      var jobs = new ArrayList<Callable<byte[]>>();
      for (int i = 0; i < 200; i++) {
        int size = i + 1;
        jobs.add(
            () -> {
              hayloft.store("k" + size, bytes(size));
              return hayloft.read("k" + size);
            });
      }
      int size = 1;
      for (var done : pool.invokeAll(jobs)) {
        assertThat(done.get()).isEqualTo(bytes(size++));
      }
    } finally {
      pool.shutdownNow();
      assertThat(pool.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
    // Connections are used again, not made anew for each of 800 requests.
    assertThat(cluster.tracker().accepted()).isLessThanOrEqualTo(8);
    assertThat(cluster.nodes.get(0).accepted()).isLessThanOrEqualTo(8);
  }

  @Test
  void builderNamesWhatIsMissing() {
    assertThatThrownBy(() -> Hayloft.builder().domain("d").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tracker");
    assertThatThrownBy(() -> Hayloft.builder().trackers("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("domain");
  }
}
