package io.hayloft.node.inventory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

  private static final String CHECK = "123456789";

  @TempDir Path docroot;

  private static String path(int device, int fid) {
    return String.format(
        "/dev%d/0/%03d/%03d/%010d.fid", device, fid / 1_000_000, fid / 1_000 % 1_000, fid);
  }

  private static void put(TestNode node, int fid, String content) throws IOException {
    assertThat(node.put(path(1, fid), content.getBytes(US_ASCII)).status()).isEqualTo(200);
    Files.setLastModifiedTime(node.file(path(1, fid)), FileTime.fromMillis(1_700_000_000_000L));
  }

  @Test
  void filesAreListedInTheirOrderWithWhatIsKeptOfThem() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, 2_000_017, CHECK);
      put(node, 1_234, "");
      put(node, 9, "a");
      Files.writeString(node.file(path(1, 9)).resolveSibling("0000000011.fid"), "foreign");
      Files.setLastModifiedTime(node.file(path(1, 11)), FileTime.fromMillis(1_600_000_000_999L));
      node.put("/dev1/0/000/000/else", new byte[3]);

      var answer = node.get("/-/manifest/dev1");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text())
          .isEqualTo(
              """
              9 1 1700000000 c1d04330
              11 7 1600000000 -
              1234 0 1700000000 00000000
              2000017 9 1700000000 e3069283
              end 4
              """);
      assertThat(node.get("/-/manifest/dev1?after=9&until=1234").text())
          .isEqualTo("11 7 1600000000 -\n1234 0 1700000000 00000000\nend 2\n");
      assertThat(node.get("/-/manifest/dev2").text()).isEqualTo("end 0\n");
    }
  }

  @Test
  void digestsAreThoseOfTheBytesAsTheyAre() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, 1, CHECK);
      put(node, 2, "");
      put(node, 3, "x".repeat(3_000_000));
      Files.writeString(node.file(path(1, 1)), "123456780");
      Files.setLastModifiedTime(node.file(path(1, 1)), FileTime.fromMillis(1_700_000_000_000L));

      var lines =
          node.get("/-/manifest/dev1?digest=MD5,SHA-1,SHA-256,CRC32C").text().lines().toList();

      assertThat(lines).hasSize(4);
      assertThat(lines.get(0))
          .startsWith("1 9 1700000000 e3069283 CRC32C:")
          .doesNotContain("CRC32C:e3069283");
      assertThat(lines.get(1))
          .contains("CRC32C:00000000")
          .contains("MD5:d41d8cd98f00b204e9800998ecf8427e")
          .contains("SHA-1:da39a3ee5e6b4b0d3255bfef95601890afd80709")
          .contains("SHA-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
      var stored = lines.get(2).split(" ")[3];
      assertThat(lines.get(2)).contains("CRC32C:" + stored);
      assertThat(lines.get(3)).isEqualTo("end 3");
    }
  }

  @Test
  void readingKeepsToTheRate() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, 1, "x".repeat(2_000_000));
      put(node, 2, "y");
      long began = System.nanoTime();
      assertThat(node.get("/-/manifest/dev1?digest=CRC32C&rate=4000000").text()).contains("end 2");
      assertThat(System.nanoTime() - began).isGreaterThan(200_000_000L);
    }
  }

  @Test
  void listingOfADiskThatIsExchangedMeanwhileHasNoEnd() throws IOException {
    try (var node = TestNode.on(docroot)) {
      var identity = docroot.resolve("dev1/.hayloft-device");
      await().untilAsserted(() -> assertThat(identity).exists());
      for (int fid = 1; fid <= 3; fid++) {
        put(node, fid, "x".repeat(500_000));
      }
      try (var http = node.connect()) {
        http.send(
            RawHttp.head("GET", "/-/manifest/dev1?digest=MD5&rate=1000000", "Connection: close"));
        http.readHead();
        Files.writeString(identity, "device 1\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b\n");
        assertThat(http.readToEnd()).contains("2 500000 ").doesNotContain("end ");
      }
    }
  }

  @Test
  void slowReaderGetsAllOfALongListing() throws IOException {
    int files = 5_000;
    try (var node = TestNode.on(docroot)) {
      for (int fid = 1; fid <= files; fid++) {
        var file = node.file(path(1, fid));
        Files.createDirectories(file.getParent());
        Files.createFile(file);
      }
      try (var http = node.connect()) {
        http.send(RawHttp.head("GET", "/-/manifest/dev1"));
        // Others are served meanwhile.
        assertThat(node.put("/dev1/a", new byte[10]).status()).isEqualTo(200);
        var text = http.read().text();
        assertThat(text.lines().map(line -> line.split(" ")[0]).collect(Collectors.toList()))
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, files + 1)
                    .mapToObj(i -> i <= files ? String.valueOf(i) : "end")
                    .toList());
      }
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    try (var node = TestNode.on(docroot)) {
      assertThat(node.get("/-/manifest/dev9").status()).isEqualTo(404);
      assertThat(node.get("/-/manifest/elsewhere").status()).isEqualTo(400);
      assertThat(node.get("/-/manifest/dev1?after=x").status()).isEqualTo(400);
      assertThat(node.get("/-/manifest/dev1?digest=MD4").status()).isEqualTo(400);
      assertThat(node.get("/-/manifest").status()).isEqualTo(404);
    }
  }

  @Test
  void refusedDeviceHasNoListing() throws IOException {
    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(docroot.resolve("dev1/.hayloft-device")).exists());
      Files.writeString(
          docroot.resolve("dev1/.hayloft-device"),
          "device 2\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b\n");
      var answer = node.get("/-/manifest/dev1");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("it is dev2").doesNotContain("end");
      assertThat(node.get("/-/node").text())
          .contains(
              "device dev1 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b refused"
                  + " its directory says that it is dev2");
    }
  }
}
