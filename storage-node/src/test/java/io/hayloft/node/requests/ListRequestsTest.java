package io.hayloft.node.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListRequestsTest {

  @TempDir Path docroot;
  private TestNode node;

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot);
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private static String path(int device, int fid) {
    return "/dev" + device + "/0/000/00" + fid % 3 + "/" + String.format("%010d", fid) + ".fid";
  }

  @Test
  void theNodeSaysWhatItIs() {
    await()
        .untilAsserted(
            () -> {
              var answer = NativeClient.get(node, "/-/node");

              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.lines().get(0)).isEqualTo("version 1");
              assertThat(answer.lines().get(1))
                  .startsWith("requests ")
                  .contains("copy", "delete", "stat");
              assertThat(answer.lines())
                  .anyMatch(line -> line.matches("device dev1 [0-9a-f-]{36} ok"));
            });
  }

  @Test
  void theNodeReportsOfItsDevices() throws IOException {
    node.put(path(1, 1), new byte[100]);
    node.get(path(1, 1));
    Files.writeString(node.file("/dev1/.hayloft-distrusted"), "Input/output error");
    await()
        .untilAsserted(() -> assertThat(node.put(path(1, 2), new byte[1]).status()).isEqualTo(500));

    await()
        .untilAsserted(
            () -> {
              var lines = NativeClient.get(node, "/-/report").lines();
              assertThat(lines).hasSize(8);
              assertThat(lines)
                  .anyMatch(line -> line.matches("dev1 space [1-9]\\d* [1-9]\\d* [1-9]\\d*"));
              assertThat(lines)
                  .anyMatch(line -> line.matches("dev1 utilization (-|\\d+\\.\\d\\d)"));
              assertThat(lines)
                  .anyMatch(line -> line.matches("dev1 failures distrusted:[1-9]\\d*"));
              assertThat(lines).anyMatch(line -> line.matches("dev2 failures"));
              assertThat(lines)
                  .anyMatch(
                      line -> line.matches("dev1 times 64:\\d+ 256:\\d+ .*:.*[1-9].* more:\\d+"));
              assertThat(lines).anyMatch(line -> line.matches("dev2 times 64:0 256:0 .* more:0"));
            });
  }

  @Test
  void whatIsDeletedIsGoneAndWhatWasNotThereToo() {
    for (int fid = 1; fid <= 100; fid++) {
      node.put(path(1 + fid % 2, fid), new byte[fid]);
    }
    node.get(path(1, 2));

    var answer =
        NativeClient.post(
            node,
            "/-/delete",
            IntStream.rangeClosed(1, 300)
                .mapToObj(fid -> path(1 + fid % 2, fid))
                .toArray(String[]::new));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.lines())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 300)
                .mapToObj(fid -> path(1 + fid % 2, fid) + " gone")
                .toList());
    assertThat(node.file("/dev1/0/000/000")).isEmptyDirectory();
    assertThat(node.get(path(1, 2)).status()).isEqualTo(404);
  }

  @Test
  void aDirectoryIsNotDeleted() {
    node.put(path(1, 3), new byte[3]);

    var answer = NativeClient.post(node, "/-/delete", "/dev1/0/000", path(1, 3));

    assertThat(answer.lines())
        .containsExactlyInAnyOrder(
            "/dev1/0/000 failed A directory is not deleted.", path(1, 3) + " gone");
  }

  @Test
  void aListThatIsTooLongIsRefusedWhole() {
    node.put(path(1, 1), new byte[1]);
    var lines =
        IntStream.rangeClosed(1, 1_001).mapToObj(fid -> path(1, fid)).toArray(String[]::new);

    assertThat(NativeClient.post(node, "/-/delete", lines).status()).isEqualTo(413);
    assertThat(
            NativeClient.postBody(node, "/-/delete", path(1, 1) + "\n" + "x".repeat(1 << 20))
                .status())
        .isEqualTo(413);
    assertThat(node.file(path(1, 1))).exists();
  }

  @Test
  void aListWithoutLinesIsAnsweredWithNone() {
    assertThat(NativeClient.postBody(node, "/-/delete", ""))
        .isEqualTo(new NativeClient.Answer(200, java.util.List.of()));
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(node.get("/-/delete").status()).isEqualTo(405);
    assertThat(node.get("/-/node/more").status()).isEqualTo(404);
    assertThat(NativeClient.post(node, "/-/delete", path(1, 1), "", path(1, 2)).status())
        .isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat=x", path(1, 1)).status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat", path(1, 1)).status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat=1&beat=1", path(1, 1)).status())
        .isEqualTo(400);
  }

  @Test
  void lengthTimeAndChecksumAreToldWithoutReading() throws IOException {
    node.put(path(1, 1), "hello".getBytes(US_ASCII));
    Files.setLastModifiedTime(node.file(path(1, 1)), FileTime.from(Instant.ofEpochSecond(17)));
    Files.createDirectories(node.file("/dev1/0/000/002"));
    Files.writeString(node.file(path(1, 2)), "by hand");
    Files.setLastModifiedTime(node.file(path(1, 2)), FileTime.from(Instant.ofEpochSecond(18)));

    var answer = NativeClient.post(node, "/-/stat", path(1, 1), path(1, 2), path(1, 3), path(9, 1));

    assertThat(answer.lines())
        .containsExactlyInAnyOrder(
            path(1, 1) + " 5 17 9a71bb4c",
            path(1, 2) + " 7 18 -",
            path(1, 3) + " missing",
            path(9, 1) + " failed there is no device dev9");
  }

  @Test
  void ofADeviceThatIsNotThereNothingIsGone() {
    assertThat(NativeClient.post(node, "/-/delete", path(9, 1)).lines())
        .containsExactly(path(9, 1) + " failed there is no device dev9");
  }

  @Test
  void digestsAreThoseOfTheBytesOnTheDisk() throws IOException {
    node.put(path(1, 1), "other".getBytes(US_ASCII));
    Files.writeString(node.file(path(1, 1)), "hello");
    node.put(path(2, 3), new byte[0]);
    node.put(path(2, 6), new byte[1_200_000]);

    var answer =
        NativeClient.post(
            node,
            "/-/digest?rate=100000000",
            path(1, 1) + " CRC32C,MD5,SHA-1",
            path(2, 3) + " SHA-256",
            path(2, 6) + " CRC32C",
            path(1, 9) + " MD5",
            path(9, 9) + " MD5");

    assertThat(answer.lines())
        .containsExactlyInAnyOrder(
            path(1, 1)
                + " 5 CRC32C:9a71bb4c MD5:5d41402abc4b2a76b9719d911017c592"
                + " SHA-1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
            path(2, 3)
                + " 0 SHA-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            path(2, 6) + " 1200000 CRC32C:" + zeros(1_200_000),
            path(1, 9) + " missing",
            path(9, 9) + " failed there is no device dev9");
  }

  private static String zeros(int length) {
    var crc = new CRC32C();
    crc.update(new byte[length]);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  @Test
  void digestsAreComputedNoFasterThanAllowed() {
    node.put(path(1, 1), new byte[300_000]);
    node.put(path(1, 2), new byte[300_000]);
    long started = System.nanoTime();

    NativeClient.post(
        node, "/-/digest?rate=600000", path(1, 1) + " CRC32C", path(1, 2) + " CRC32C");

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void digestsThatNobodyKnowsAreRefused() {
    assertThat(NativeClient.post(node, "/-/digest", path(1, 1) + " ROT13").status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/digest", path(1, 1)).status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/digest?rate=-1", path(1, 1) + " MD5").status())
        .isEqualTo(400);
  }

  @Test
  void whatWasDoneIsCounted() {
    NativeClient.post(node, "/-/delete", path(1, 1));

    assertThat(node.get("/-/metrics").text())
        .contains("hayloft_node_items_total{outcome=\"gone\",request=\"delete\"} 1.0");
  }
}
