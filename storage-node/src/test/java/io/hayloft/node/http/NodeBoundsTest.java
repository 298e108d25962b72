package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig.Bounds;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beyond each bound clients are told so at once, and what was begun goes on. */
class NodeBoundsTest {

  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Pattern BUFFERS = Pattern.compile("(?m)^hayloft_node_buffers_bytes (\\S+)$");

  @TempDir Path docroot;

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Bounds bounds(int connections, int requests, long minRate) {
    return new Bounds(connections, requests, 1 << 20, minRate);
  }

  private static void assertRefused(RawHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("1");
  }

  @Test
  void connectionsBeyondTheBoundAreToldSoAndClosed() {
    try (var node = TestNode.bounded(docroot, bounds(2, 100, 0), USUAL);
        var first = node.connect()) {
      var second = node.connect();
      assertThat(first.put("/dev1/a/b", random(10)).status()).isEqualTo(200);
      assertThat(second.call("GET", "/dev1/a/b").status()).isEqualTo(200);
      try (var third = node.connect()) {
        assertRefused(third.call("GET", "/dev1/a/b"));
        assertThat(third.isClosedByServer()).isTrue();
      }
      try (var fourth = node.connect()) {
        assertRefused(fourth.put("/dev1/a/c", random(200_000)));
        assertThat(node.file("/dev1/a/c")).doesNotExist();
      }
      assertThat(node.get("/-/live").status()).isEqualTo(200);
      assertThat(node.get("/-/metrics").text()).contains("hayloft_node_connections 3.0");

      second.close();

      await().untilAsserted(() -> assertThat(node.get("/dev1/a/b").status()).isEqualTo(200));
    }
  }

  @Test
  void connectionsFarBeyondTheBoundWaitUntilOthersClose() throws IOException {
    try (var node = TestNode.bounded(docroot, bounds(2, 100, 0), USUAL)) {
      var open = new ArrayList<RawHttp>();
      for (int i = 0; i < 2 + Connections.told(2); i++) {
        var http = node.connect();
        open.add(http);
        assertThat(http.call("GET", "/-/live").status()).isEqualTo(200);
      }
      try (var last = node.connect()) {
        last.send(RawHttp.head("GET", "/-/live"));
        last.socket().setSoTimeout(300);
        assertThatThrownBy(last::read).hasRootCauseInstanceOf(SocketTimeoutException.class);
        last.socket().setSoTimeout(20_000);

        open.removeFirst().close();

        assertThat(last.read().status()).isEqualTo(200);
      }
      open.forEach(RawHttp::close);
    }
  }

  @Test
  void requestsBeyondTheBoundAreToldSoAndTheirConnectionsGoOn() {
    try (var node = TestNode.bounded(docroot, bounds(100, 2, 0), USUAL);
        var one = node.connect();
        var two = node.connect();
        var three = node.connect()) {
      for (var http : List.of(one, two)) {
        http.send(RawHttp.head("PUT", "/dev1/a/" + http.hashCode(), "Content-Length: 2") + "a");
      }
      await()
          .untilAsserted(() -> assertThat(node.get("/-/metrics").text()).contains("uploads 2.0"));

      assertRefused(three.put("/dev1/a/three", random(100_000)));
      assertRefused(three.call("GET", "/dev1/a/none"));
      one.send("b");
      assertThat(one.read().status()).isEqualTo(200);

      await()
          .untilAsserted(() -> assertThat(three.call("GET", "/dev1/a/x").status()).isEqualTo(404));
      two.send("b");
      assertThat(two.read().status()).isEqualTo(200);
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .containsPattern(
                          "requests_seconds_count\\{[^}]*method=\"PUT\",outcome=\"busy\"[^}]*} 1"));
    }
  }

  private static double buffers(TestNode node) {
    var match = BUFFERS.matcher(node.get("/-/metrics").text());
    assertThat(match.find()).isTrue();
    return Double.parseDouble(match.group(1));
  }

  /** A client that wants much and reads nothing. */
  private static Socket greedy(TestNode node, String path) {
    try {
      var socket = new Socket();
      socket.setReceiveBufferSize(4_096);
      var address = node.node().httpAddress();
      socket.connect(new InetSocketAddress(address.host(), address.port()));
      socket.getOutputStream().write(RawHttp.head("GET", path).repeat(120).getBytes(US_ASCII));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whenBuffersHoldEnoughRequestsAreToldSo() throws IOException {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 0), USUAL)) {
      node.put("/dev1/a/b", random(60_000));
      node.get("/dev1/a/b");
      var greedy = new ArrayList<Socket>();
      for (int i = 0; i < 25; i++) {
        greedy.add(greedy(node, "/dev1/a/b"));
      }
      await().untilAsserted(() -> assertThat(buffers(node)).isGreaterThanOrEqualTo(1 << 20));

      assertRefused(node.get("/dev1/a/b"));
      assertRefused(node.put("/dev1/a/c", random(100_000)));
      assertThat(node.get("/-/live").status()).isEqualTo(200);
      assertThat(buffers(node)).isLessThan(3 << 20);
      for (var socket : greedy) {
        socket.close();
      }

      await()
          .untilAsserted(() -> assertThat(node.get("/dev1/a/b").body()).isEqualTo(random(60_000)));
      await().untilAsserted(() -> assertThat(buffers(node)).isLessThan(200_000));
    }
  }

  private static void awaitUploads(TestNode node, int number) {
    await()
        .untilAsserted(
            () ->
                assertThat(node.get("/-/metrics").text())
                    .contains("hayloft_node_uploads %d.0".formatted(number)));
  }

  /** Bytes wait for more to be written with them only where there is memory for it. */
  @Test
  void uploadsThatComeSlowlyLeaveMemoryToOthers() throws IOException {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 0), USUAL)) {
      node.put("/dev1/a/b", random(60_000));
      var slow = new ArrayList<RawHttp>();
      for (int i = 1; i <= 60; i++) {
        var client = node.connect();
        // Without a byte, and few at a time: a head takes a buffer while it is read, and none is
        // to be refused for the memory of those before.
        client.send(RawHttp.head("PUT", "/dev1/a/slow" + i, "Content-Length: 100000"));
        slow.add(client);
        if (i % 5 == 0) {
          awaitUploads(node, i);
        }
      }
      for (var client : slow) {
        client.send("x");
      }

      await()
          .during(Duration.ofMillis(300))
          .untilAsserted(() -> assertThat(buffers(node)).isBetween(64.0 * 1024, 700.0 * 1024));
      assertThat(node.get("/dev1/a/b").status()).isEqualTo(200);
      for (var client : slow) {
        client.close();
      }
      await().untilAsserted(() -> assertThat(buffers(node)).isLessThan(200_000));
    }
  }

  /** Each sends a byte now and then until the server has enough of all of them. */
  private static Duration trickle(int length, RawHttp... clients) {
    long started = System.nanoTime();
    var left = new ArrayList<>(List.of(clients));
    for (int i = 0; i < length && !left.isEmpty(); i++) {
      var sent = i;
      await().pollDelay(Duration.ofMillis(50)).until(() -> sent >= 0);
      left.removeIf(NodeBoundsTest::isCutOff);
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static boolean isCutOff(RawHttp client) {
    try {
      client.send("x");
      return false;
    } catch (UncheckedIOException closed) {
      return true;
    }
  }

  @Test
  void whoSendsAByteNowAndThenIsCutOffAndOthersAreNot() throws IOException {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 2_000), Duration.ofSeconds(2));
        var slow = node.connect();
        var slowHead = node.connect();
        var other = node.connect()) {
      slow.send(RawHttp.head("PUT", "/dev1/a/slow", "Content-Length: 1000"));
      slowHead.send("GET /dev1/a/b HTTP/1.1\r\nX-Long: ");

      assertThat(trickle(300, slow, slowHead)).isLessThan(Duration.ofSeconds(12));

      assertThat(slow.isClosedByServer()).isTrue();
      assertThat(slowHead.isClosedByServer()).isTrue();
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("hayloft_node_slow_clients_total 2.0", "uploads 0.0"));
      assertThat(other.isClosedByServer()).as("idle for longer than it may").isTrue();
      try (var files = Files.walk(docroot.resolve("dev1"))) {
        assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("usage", ".hayloft-device");
      }
    }
  }

  @Test
  void whoWasQuickAtFirstIsCutOffWhenItIsSlow() {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 2_000), Duration.ofMillis(500));
        var slow = node.connect()) {
      slow.send(RawHttp.head("PUT", "/dev1/a/slow", "Content-Length: 1000000"));
      slow.send(random(100_000));

      assertThat(trickle(200, slow)).isLessThan(Duration.ofSeconds(8));

      assertThat(slow.isClosedByServer()).isTrue();
    }
  }

  @Test
  void whoWaitsForTheNodeMayWaitAsLongAsItTakes() {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 2_000), Duration.ofMillis(400));
        var http = node.connect()) {
      node.put("/dev1/a/b", random(100_000));
      var line = "/dev1/a/b MD5";
      http.send(
          RawHttp.head("POST", "/-/digest?rate=45000", "Content-Length: " + line.length()) + line);

      assertThat(http.read().text()).startsWith("/dev1/a/b 100000 MD5:");
      assertThat(node.get("/-/metrics").text()).contains("hayloft_node_slow_clients_total 0.0");
    }
  }

  @Test
  void whoMovesEnoughIsNotCutOffHoweverLongItTakes() {
    try (var node = TestNode.bounded(docroot, bounds(100, 100, 2_000), Duration.ofSeconds(1));
        var http = node.connect()) {
      http.send(RawHttp.head("PUT", "/dev1/a/b", "Content-Length: 120000"));
      for (int i = 0; i < 60; i++) {
        var sent = i;
        await().pollDelay(Duration.ofMillis(50)).until(() -> sent >= 0);
        http.send("x".repeat(2_000));
      }
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(node.file("/dev1/a/b")).hasSize(120_000);
      assertThat(node.get("/-/metrics").text()).contains("hayloft_node_slow_clients_total 0.0");
    }
  }
}
