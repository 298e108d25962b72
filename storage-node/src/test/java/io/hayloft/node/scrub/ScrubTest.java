package io.hayloft.node.scrub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node finds by itself which of its files are not what was stored. */
class ScrubTest {

  private static final Duration RETENTION = Duration.ofDays(14);
  private static final long FAST = 1L << 40;
  private static final int SIZE = 300_000;

  @TempDir Path docroot;

  private TestNode scrubbing() {
    return TestNode.scrubbing(docroot, FAST, RETENTION);
  }

  private static String path(int fid) {
    return "/dev1/0/000/000/" + String.format("%010d", fid) + ".fid";
  }

  private static void put(TestNode node, int fid) {
    assertThat(node.put(path(fid), new byte[SIZE]).status()).isEqualTo(200);
  }

  /** Changes a byte as a disk would: the file keeps its length and its time. */
  private static void corrupt(Path file) throws IOException {
    var time = Files.getLastModifiedTime(file);
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(SIZE / 2);
      bytes.write(1);
    }
    Files.setLastModifiedTime(file, time);
  }

  private static String findings(TestNode node) {
    return node.get("/-/findings").text();
  }

  private static RawHttp.Answer acknowledge(TestNode node, String path) {
    try (var http = node.connect()) {
      var body = path.getBytes(US_ASCII);
      http.send(RawHttp.head("POST", "/-/findings", "Content-Length: " + body.length));
      http.send(body);
      return http.read();
    }
  }

  private static boolean hasCrc(Path file) throws IOException {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
        .list()
        .contains("hayloft.crc32c");
  }

  @Test
  void damagedFileIsTakenOutOfTheWayAndToldOfUntilSomebodyHasDealtWithIt() throws IOException {
    try (var node = scrubbing()) {
      for (int fid = 1; fid <= 20; fid++) {
        put(node, fid);
      }
      corrupt(node.file(path(7)));

      await().untilAsserted(() -> assertThat(findings(node)).isNotEmpty());

      assertThat(findings(node))
          .matches(
              path(7)
                  + " \\d{10} its CRC-32C is [0-9a-f]{8}, and was [0-9a-f]{8} when it was"
                  + " stored\n");
      assertThat(node.get(path(7)).status()).isEqualTo(404);
      assertThat(node.get(path(6)).status()).isEqualTo(200);
      assertThat(node.get("/-/quarantine/dev1").text()).matches("7 " + SIZE + " \\d{10} corrupt\n");
      assertThat(node.get("/-/metrics").text())
          .contains("hayloft_node_scrub_bad_total 1.0")
          .contains("hayloft_node_findings 1.0");
    }
    try (var again = scrubbing()) {
      await().untilAsserted(() -> assertThat(findings(again)).startsWith(path(7) + " "));
      assertThat(acknowledge(again, path(7)).text()).isEqualTo(path(7) + " forgotten\n");
      assertThat(findings(again)).isEmpty();
    }
    try (var last = scrubbing()) {
      await().untilAsserted(() -> assertThat(last.get("/dev1/usage").status()).isEqualTo(200));
      assertThat(findings(last)).isEmpty();
    }
  }

  @Test
  void fileWithoutAChecksumGetsOneUnlessItIsYoung() throws IOException {
    try (var node = scrubbing()) {
      for (int fid = 1; fid <= 2; fid++) {
        var file = node.file(path(fid));
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[SIZE]);
      }
      var old = node.file(path(1));
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3_600)));

      await().untilAsserted(() -> assertThat(hasCrc(old)).isTrue());
      assertThat(hasCrc(node.file(path(2)))).isFalse();
      assertThat(node.get(path(1), "Want-Repr-Digest: crc32c=1").header("repr-digest"))
          .startsWith("crc32c=:");

      corrupt(old);
      await().untilAsserted(() -> assertThat(findings(node)).startsWith(path(1) + " "));
    }
  }

  @Test
  void restartGoesOnWhereItWas() throws IOException {
    Files.createDirectories(docroot.resolve("dev1"));
    Files.writeString(docroot.resolve("dev1/.hayloft-scrub"), "after 5\nended 0\n");
    try (var node = TestNode.on(docroot)) {
      put(node, 3);
      put(node, 9);
      corrupt(node.file(path(3)));
      corrupt(node.file(path(9)));
    }
    // 128 KiB a file at least, so fid 3 comes seconds after fid 9 if it comes at all.
    try (var node = TestNode.scrubbing(docroot, 1 << 20, RETENTION)) {
      await().untilAsserted(() -> assertThat(findings(node)).isNotEmpty());
      assertThat(findings(node)).startsWith(path(9) + " ");
      await().untilAsserted(() -> assertThat(findings(node)).contains(path(3) + " "));
    }
  }

  @Test
  void passThatWasCutShortGoesOnAtOnceAndAnotherOnlyWhenItIsTime() throws IOException {
    try (var node = TestNode.on(docroot)) {
      for (var path : List.of(path(9), onDev2(9))) {
        assertThat(node.put(path, new byte[SIZE]).status()).isEqualTo(200);
        corrupt(node.file(path));
      }
    }
    long now = Instant.now().getEpochSecond();
    Files.writeString(docroot.resolve("dev1/.hayloft-scrub"), "after 5\nended " + now + "\n");
    Files.writeString(docroot.resolve("dev2/.hayloft-scrub"), "after 0\nended " + now + "\n");
    var hourly =
        new StorageNodeConfig.Care(
            new StorageNodeConfig.Quarantine(RETENTION),
            new StorageNodeConfig.Scrub(FAST, Duration.ofHours(1)));
    try (var node = TestNode.with(TestNode.config(docroot, it -> it).with(hourly))) {
      await().untilAsserted(() -> assertThat(findings(node)).startsWith(path(9) + " "));
      assertThat(findings(node).lines()).hasSize(1);
      assertThat(node.get(onDev2(9)).status()).isEqualTo(200);
    }
  }

  private static String onDev2(int fid) {
    return path(fid).replace("dev1", "dev2");
  }

  @Test
  void readingKeepsToTheRate() throws IOException {
    try (var node = TestNode.on(docroot)) {
      node.put(path(1), new byte[3_000_000]);
      put(node, 2);
      corrupt(node.file(path(2)));
    }
    long began = System.nanoTime();
    try (var node = TestNode.scrubbing(docroot, 2_000_000, RETENTION)) {
      await().untilAsserted(() -> assertThat(findings(node)).isNotEmpty());
      assertThat(System.nanoTime() - began).isGreaterThan(1_400_000_000L);
    }
  }

  @Test
  void itStopsWhileNobodyDealsWithWhatItFindsAndTellsTheOldestFirst() throws IOException {
    try (var node = TestNode.on(docroot)) {
      for (int fid = 1; fid <= 3; fid++) {
        put(node, fid);
        corrupt(node.file(path(fid)));
      }
    }
    Files.writeString(
        docroot.resolve("dev1/.hayloft-findings"),
        IntStream.range(0, 999)
            .mapToObj(i -> path(5_000 - i) + " " + (1_700_000_999 - i) + " it is bad\n")
            .collect(Collectors.joining()));
    try (var node = scrubbing()) {
      await().untilAsserted(() -> assertThat(findings(node).lines()).hasSize(1_000));
      assertThat(findings(node)).startsWith(path(4_002) + " ");
      await()
          .during(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(node.get(path(2)).status()).isEqualTo(200));

      acknowledge(node, path(4_002));

      await().untilAsserted(() -> assertThat(node.get(path(2)).status()).isEqualTo(404));
      assertThat(node.get(path(3)).status()).isEqualTo(200);
    }
  }

  @Test
  void fileThatCannotBeTakenAwayIsToldOfOnce() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, 1);
      corrupt(node.file(path(1)));
    }
    Files.writeString(docroot.resolve("dev1/quarantine"), "in the way");
    try (var node = scrubbing()) {
      await().untilAsserted(() -> assertThat(findings(node)).isNotEmpty());
      await()
          .during(Duration.ofSeconds(1))
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("hayloft_node_scrub_bad_total 1.0"));
      assertThat(findings(node).lines()).hasSize(1);
    }
  }

  @Test
  void noScrubWhereItIsOff() throws IOException {
    try (var node = TestNode.scrubbing(docroot, 0, RETENTION)) {
      put(node, 1);
      corrupt(node.file(path(1)));
      await()
          .during(Duration.ofSeconds(2))
          .untilAsserted(() -> assertThat(findings(node)).isEmpty());
      assertThat(node.get(path(1)).status()).isEqualTo(200);
    }
  }

  @Test
  void tornFindingIsNone() throws IOException {
    Files.createDirectories(docroot.resolve("dev1"));
    Files.writeString(
        docroot.resolve("dev1/.hayloft-findings"),
        path(1)
            + " 1700000000 it is bad\n/dev2/0/000/000/0000000002.fid 1700000000 x\n"
            + path(3)
            + " 17");
    try (var node = scrubbing()) {
      await()
          .untilAsserted(
              () -> assertThat(findings(node)).isEqualTo(path(1) + " 1700000000 it is bad\n"));
    }
  }
}
