package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class ReadingTest {

  private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

  @TempDir static Path place;
  private static final byte[] LARGE = new byte[1_000_000];

  private static final Map<Way, TestNode> NODES = new EnumMap<>(Way.class);

  private final TestNode node;

  ReadingTest(Way way) {
    node = NODES.computeIfAbsent(way, ReadingTest::start);
  }

  private static TestNode start(Way way) {
    var node = TestNode.on(place.resolve(way.name()), way);
    new Random(1).nextBytes(LARGE);
    node.put("/dev1/r/digits", "0123456789".getBytes(US_ASCII));
    node.put("/dev1/r/empty", new byte[0]);
    node.put("/dev1/r/large", LARGE);
    return node;
  }

  @AfterAll
  static void stopNodes() {
    NODES.values().forEach(TestNode::close);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 206, 0, bytes 0-0/10",
    "bytes=0-4, 206, 01234, bytes 0-4/10",
    "bytes=4-, 206, 456789, bytes 4-9/10",
    "bytes=-3, 206, 789, bytes 7-9/10",
    "bytes=-99, 206, 0123456789, bytes 0-9/10",
    "bytes=8-99, 206, 89, bytes 8-9/10",
    "bytes=9-9, 206, 9, bytes 9-9/10",
    "Bytes=1-2, 206, 12, bytes 1-2/10",
    "'bytes= 1-2', 206, 12, bytes 1-2/10",
    "bytes=0-999999999999999999, 206, 0123456789, bytes 0-9/10",
    "'bytes=0-1,4-5', 200, 0123456789, (none)",
    "bytes=5-4, 200, 0123456789, (none)",
    "bytes=-, 200, 0123456789, (none)",
    "bytes=a-b, 200, 0123456789, (none)",
    "bytes=99999999999999999999-, 200, 0123456789, (none)",
    "lines=1-2, 200, 0123456789, (none)",
  })
  void rangeIsCutOut(String range, int status, String body, String contentRange) {
    var answer = node.get("/dev1/r/digits", "Range: " + range);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.header("content-range")).isEqualTo(contentRange);
    assertThat(answer.header("content-length")).isEqualTo(Integer.toString(body.length()));
  }

  @ParameterizedTest
  @CsvSource({
    "/dev1/r/digits, bytes=10-, 10",
    "/dev1/r/digits, bytes=10-20, 10",
    "/dev1/r/digits, bytes=-0, 10",
    "/dev1/r/empty, bytes=0-0, 0",
    "/dev1/r/empty, bytes=-5, 0"
  })
  void rangeWithoutBytesIsRefused(String path, String range, int size) {
    var answer = node.get(path, "Range: " + range);

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("content-range")).isEqualTo("bytes */" + size);
  }

  @ParameterizedTest
  @CsvSource({"0, 70000", "1, 65536", "100000, 65537", "999999, 1", "0, 1000000", "5, 999995"})
  void rangesOfLargeFilesAreTheRightBytes(int from, int length) {
    for (int time = 0; time < 3; time++) {
      var answer = node.get("/dev1/r/large", "Range: bytes=" + from + "-" + (from + length - 1));

      assertThat(answer.status()).isEqualTo(206);
      assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(LARGE, from, from + length));
    }
  }

  @Test
  void headSeesAtOnceThatAFileWasRemovedBehindTheNode() throws IOException {
    var path = "/dev1/r/removed";
    node.put(path, "x".getBytes(US_ASCII));
    assertThat(node.get(path).status()).isEqualTo(200);
    assertThat(node.call("HEAD", path).status()).isEqualTo(200);

    Files.delete(node.file(path));

    assertThat(node.call("HEAD", path).status()).isEqualTo(404);
  }

  @Test
  void rangeIsIgnoredByHead() {
    var answer = node.call("HEAD", "/dev1/r/digits", "Range: bytes=1-2");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-length")).isEqualTo("10");
  }

  @Test
  void knownFileIsNotSentAgain() throws IOException {
    node.put("/dev1/r/dated", "x".getBytes(US_ASCII));
    Files.setLastModifiedTime(
        node.file("/dev1/r/dated"), FileTime.from(Instant.parse("1994-11-06T08:49:37.250Z")));

    var first = node.get("/dev1/r/dated");
    assertThat(first.header("last-modified")).isEqualTo(DATE);
    var tag = first.header("etag");

    var known = node.get("/dev1/r/dated", "If-Modified-Since: " + DATE);
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("last-modified")).isEqualTo(DATE);
    assertThat(statusWith("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT")).isEqualTo(200);
    assertThat(statusWith("If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT")).isEqualTo(304);
    assertThat(statusWith("If-Modified-Since: yesterday")).isEqualTo(200);
    assertThat(statusWith("If-None-Match: " + tag)).isEqualTo(304);
    assertThat(statusWith("If-None-Match: \"a\", W/" + tag)).isEqualTo(304);
    assertThat(statusWith("If-None-Match: *")).isEqualTo(304);
    assertThat(statusWith("If-None-Match: \"other\"")).isEqualTo(200);
    assertThat(statusWith("If-None-Match: \"other\"", "If-Modified-Since: " + DATE)).isEqualTo(200);
    assertThat(statusWith("Range: bytes=0-0", "If-Range: " + tag)).isEqualTo(206);
    assertThat(statusWith("Range: bytes=0-0", "If-Range: " + DATE)).isEqualTo(206);
    assertThat(statusWith("Range: bytes=0-0", "If-Range: \"other\"")).isEqualTo(200);
  }

  private int statusWith(String... headers) {
    return node.get("/dev1/r/dated", headers).status();
  }

  @Test
  void changesByOthersAreSeen() throws IOException {
    var path = "/dev1/r/changed";
    node.put(path, "old".getBytes(US_ASCII));
    assertThat(node.get(path).text()).isEqualTo("old");

    Files.writeString(node.file(path), "new and longer");

    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(node.get(path).text()).isEqualTo("new and longer"));
    Files.delete(node.file(path));
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(node.get(path).status()).isEqualTo(404));
  }

  @Test
  void whatIsNoPlainFileIsNotServed() throws Exception {
    var pipe = node.file("/dev1/r/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThat(node.get("/dev1/r/pipe").status()).isEqualTo(404);
    assertThat(node.get("/dev1/r/digits/below").status()).isEqualTo(404);
    assertThat(node.get("/dev1/r/" + "x".repeat(300)).status()).isEqualTo(404);
  }
}
