package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered without Jetty's parser is what would be answered with it. */
class PlainReadingTest {

  /** A header that only Jetty's parser is trusted with, and that changes nothing. */
  private static final String UNUSUAL = "X-Unusual: yes";

  private static final Pattern HOT = Pattern.compile("(?m)^hayloft_node_hot_bytes (\\S+)$");

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

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private double hotBytes() {
    var match = HOT.matcher(node.get("/-/metrics").text());
    assertThat(match.find()).isTrue();
    return Double.parseDouble(match.group(1));
  }

  /** A file is marked as read before only when its client has the answer already. */
  private void becomesWarm(String path) {
    await()
        .untilAsserted(
            () -> {
              node.get(path);
              assertThat(hotBytes()).isPositive();
            });
  }

  private static String withoutDate(RawHttp.Answer answer) {
    var headers = new java.util.TreeMap<>(answer.headers());
    assertThat(headers.remove("date")).endsWith(" GMT");
    return answer.status() + " " + headers;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_024, 16_384, 65_536, 65_537, 131_072, 1_000_000, 17 << 20})
  void bothWaysAnswerTheSame(int length) {
    var path = "/dev1/0/000/000/0000000001.fid";
    node.put(path, bytes(length));
    try (var http = node.connect()) {
      var first = http.call("GET", path);
      for (int time = 0; time < 3; time++) {
        var plain = http.call("GET", path);
        var parsed = http.call("GET", path, UNUSUAL);

        assertThat(withoutDate(plain)).isEqualTo(withoutDate(parsed)).isEqualTo(withoutDate(first));
        assertThat(plain.body()).isEqualTo(parsed.body()).isEqualTo(bytes(length));
      }
    }
    if (length <= 65_536) {
      becomesWarm(path);
    } else {
      assertThat(hotBytes()).isZero();
    }
  }

  @Test
  void theHeadIsWrittenAlike() throws IOException {
    var path = "/dev1/0/000/000/0000000002.fid";
    node.put(path, bytes(100));
    node.get(path);
    becomesWarm(path);
    var plain = raw("GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n");
    var parsed = raw("GET " + path + " HTTP/1.1\r\nHost: node\r\n" + UNUSUAL + "\r\n\r\n");

    assertThat(plain.replaceAll("Date: [^\r]*", ""))
        .isEqualTo(parsed.replaceAll("Date: [^\r]*", ""));
  }

  private String raw(String request) throws IOException {
    var address = node.node().httpAddress();
    try (var socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 65_537, 17 << 20})
  void bothWaysTellTheSameOfAFileThatIsNotSent(int length) throws IOException {
    var path = "/dev1/0/000/000/0000000003.fid";
    node.put(path, bytes(length));
    var parsed = raw("HEAD " + path + " HTTP/1.1\r\nHost: node\r\n" + UNUSUAL + "\r\n\r\n");
    var plain = raw("HEAD " + path + " HTTP/1.1\r\nHost: node\r\n\r\n");

    assertThat(plain)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Length: " + length + "\r\n", "\r\nRepr-Digest: crc32c=:")
        .endsWith("\r\n\r\n");
    assertThat(plain.replaceAll("Date: [^\r]*", ""))
        .isEqualTo(parsed.replaceAll("Date: [^\r]*", ""));
  }

  @Test
  void whatOthersRemoveIsNotThereForWhoLooks() throws IOException {
    var path = "/dev1/0/000/000/0000000004.fid";
    node.put(path, bytes(100));
    node.get(path);
    becomesWarm(path);
    try (var http = node.connect()) {
      assertThat(http.call("HEAD", path).status()).isEqualTo(200);
      Files.delete(node.file(path));

      assertThat(http.call("HEAD", path).status()).isEqualTo(404);
    }
  }

  @Test
  void pipelinedRequestsOfBothKindsAreAnsweredInOrder() {
    for (int i = 1; i <= 3; i++) {
      node.put("/dev1/0/000/000/000000000" + i + ".fid", bytes(1_000 * i));
      node.get("/dev1/0/000/000/000000000" + i + ".fid");
    }
    var all = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      var path = "/dev1/0/000/000/000000000" + (i % 3 + 1) + ".fid";
      all.append(
          i % 5 == 4 ? RawHttp.head("GET", path, "Range: bytes=5-9") : RawHttp.head("GET", path));
    }
    try (var http = node.connect()) {
      http.send(all.toString());
      for (int i = 0; i < 60; i++) {
        var answer = http.read();
        assertThat(answer.status()).isEqualTo(i % 5 == 4 ? 206 : 200);
        assertThat(answer.body()).hasSize(i % 5 == 4 ? 5 : 1_000 * (i % 3 + 1));
      }
    }
  }

  @Test
  void aHeadThatComesByteByByteIsAnswered() {
    var path = "/dev1/0/000/000/0000000001.fid";
    node.put(path, bytes(10));
    node.get(path);
    try (var http = node.connect()) {
      for (var b : RawHttp.head("GET", path).getBytes(US_ASCII)) {
        http.send(new byte[] {b});
      }
      assertThat(http.read().body()).isEqualTo(bytes(10));
      assertThat(http.call("GET", path).body()).isEqualTo(bytes(10));
    }
  }

  @Test
  void ownChangesAreSeenAtOnceAndGiveTheMemoryBack() {
    var path = "/dev1/0/000/000/0000000001.fid";
    try (var http = node.connect()) {
      for (int length = 1; length <= 50; length++) {
        node.put(path, bytes(length));
        for (int time = 0; time < 3; time++) {
          assertThat(http.call("GET", path).body()).isEqualTo(bytes(length));
        }
      }
      becomesWarm(path);
      assertThat(hotBytes()).isLessThan(2_000);
      node.call("DELETE", path);

      assertThat(http.call("GET", path).status()).isEqualTo(404);
      assertThat(hotBytes()).isZero();
    }
  }

  @Test
  void changesByOthersAreSeenWhileTheFileIsRead() throws IOException {
    var path = "/dev1/0/000/000/0000000001.fid";
    node.put(path, bytes(100));
    node.get(path);
    node.get(path);
    var other = Files.write(docroot.resolve("other"), bytes(200));
    Files.move(other, node.file(path), StandardCopyOption.ATOMIC_MOVE);
    try (var http = node.connect()) {
      await()
          .atMost(Duration.ofSeconds(4))
          .untilAsserted(() -> assertThat(http.call("GET", path).body()).isEqualTo(bytes(200)));
      Files.delete(node.file(path));
      await()
          .atMost(Duration.ofSeconds(4))
          .untilAsserted(() -> assertThat(http.call("GET", path).status()).isEqualTo(404));
    }
  }

  @Test
  void aNodeThatStopsEndsWhatItHasBegun() throws Exception {
    var path = "/dev1/0/000/000/0000000001.fid";
    int length = 12 << 20;
    node.put(path, bytes(length));
    node.get(path);
    var address = node.node().httpAddress();
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.setSoTimeout(20_000);
      socket.connect(new InetSocketAddress(address.host(), address.port()));
      socket.getOutputStream().write(RawHttp.head("GET", path).getBytes(US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      var stopping = Thread.ofVirtual().start(() -> node.node().stop(Duration.ofSeconds(20)));

      var rest = socket.getInputStream().readAllBytes();

      assertThat(rest.length).isGreaterThan(length);
      assertThat(java.util.Arrays.copyOfRange(rest, rest.length - length, rest.length))
          .isEqualTo(bytes(length));
      stopping.join();
    }
  }
}
