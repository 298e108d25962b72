package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored without Jetty's parser is stored and answered as it would be with it. */
class PlainWritingTest {

  /** A header that only Jetty's parser is trusted with, and that changes nothing. */
  private static final String UNUSUAL = "X-Unusual: yes";

  @TempDir Path docroot;
  private TestNode node;
  private RawHttp http;

  /** A connection's first upload is Jetty's. */
  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot);
    http = node.connect();
    assertThat(http.put("/dev1/first", bytes("1")).status()).isEqualTo(200);
  }

  @AfterEach
  void stopNode() {
    http.close();
    node.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String file(int number) {
    return "/dev1/0/000/000/%010d.fid".formatted(number);
  }

  private static String withoutDate(RawHttp.Answer answer) {
    var headers = new TreeMap<>(answer.headers());
    assertThat(headers.remove("date")).isNotNull();
    return answer.status() + " " + headers + " " + answer.text();
  }

  private long unfinished() throws IOException {
    try (var all = Files.walk(docroot)) {
      return all.filter(path -> path.toString().contains(".hayloft-tmp"))
          .filter(Files::isRegularFile)
          .count();
    }
  }

  @Test
  void bothWaysAnswerTheSame() {
    var body = new byte[16 << 10];
    new Random(1).nextBytes(body);

    var fast = http.put(file(1), body);
    var slow = http.put(file(1), body, UNUSUAL);

    assertThat(withoutDate(fast)).isEqualTo(withoutDate(slow)).startsWith("200 ");
    assertThat(node.get(file(1)).body()).isEqualTo(body);
    assertThat(node.get(file(1)).header("repr-digest")).isEqualTo(fast.header("repr-digest"));
  }

  @Test
  void bothWaysRefuseTheSame() throws IOException {
    Files.writeString(docroot.resolve("dev1/in-the-way"), "");
    for (var path :
        new String[] {"/dev1/in-the-way/file", "/dev9/file", "/nowhere/file", "/dev1"}) {
      assertThat(http.put("/dev1/first", bytes("1")).status()).isEqualTo(200);
      var fast = http.put(path, bytes("x"));
      var slow = http.put(path, bytes("x"), UNUSUAL);
      assertThat(withoutDate(fast)).isEqualTo(withoutDate(slow)).startsWith("4");
    }
    assertThat(unfinished()).isZero();
  }

  @Test
  void theDiskSeesNothingOfAnUploadThatHasNotAllCome() throws IOException {
    http.send(RawHttp.head("PUT", file(2), "Content-Length: 10") + "hello");
    assertThat(node.put(file(3), bytes("meanwhile")).status()).isEqualTo(200);
    assertThat(unfinished()).isZero();

    http.send("world");
    assertThat(http.read().status()).isEqualTo(200);
    assertThat(node.get(file(2)).text()).isEqualTo("helloworld");
  }

  @Test
  void nothingIsLeftOfWhatABrokenConnectionHasSent() throws IOException {
    http.send(RawHttp.head("PUT", file(2), "Content-Length: 10") + "hello");
    http.close();

    await().until(() -> node.get("/-/metrics").text().contains("hayloft_node_buffers_bytes 0.0"));
    assertThat(node.file(file(2))).doesNotExist();
    assertThat(unfinished()).isZero();
  }

  @Test
  void anUploadThatIsWaitedForTooLongGivesItsBufferBack() {
    var bounds = new StorageNodeConfig.Bounds(100, 100, 64 << 20, 0);
    try (var hasty = TestNode.bounded(docroot.resolve("hasty"), bounds, Duration.ofMillis(300));
        var client = hasty.connect()) {
      assertThat(client.put("/dev1/first", bytes("1")).status()).isEqualTo(200);
      client.send(RawHttp.head("PUT", file(2), "Content-Length: 10") + "hello");
      client.readToEnd();

      await()
          .until(() -> hasty.get("/-/metrics").text().contains("hayloft_node_buffers_bytes 0.0"));
      assertThat(hasty.file(file(2))).doesNotExist();
    }
  }

  @Test
  void uploadsAndReadsSentAheadAreAnsweredInOrder() {
    var ahead = new StringBuilder();
    for (int i = 10; i < 30; i++) {
      ahead.append(RawHttp.head("PUT", file(i), "Content-Length: 2")).append(i);
      ahead.append(RawHttp.head("GET", file(i)));
    }
    http.send(ahead.toString());

    for (int i = 10; i < 30; i++) {
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(http.read().text()).isEqualTo("" + i);
    }
  }

  @Test
  void manyAtOnceAreAllStored() throws Exception {
    var uploads = new ArrayList<Future<?>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < 20; client++) {
        int first = 1_000 + 50 * client;
        uploads.add(clients.submit(() -> putFifty(first)));
      }
    }
    for (var upload : uploads) {
      upload.get();
    }

    for (int i = 1_000; i < 2_000; i++) {
      assertThat(Files.readString(node.file(file(i)))).isEqualTo("body of " + i);
    }
    assertThat(unfinished()).isZero();
  }

  private void putFifty(int first) {
    try (var client = node.connect()) {
      for (int i = first; i < first + 50; i++) {
        assertThat(client.put(file(i), bytes("body of " + i)).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void whoGoesAwayBeforeTheAnswerLeavesAWholeFileAndNothingElse() throws IOException {
    for (int i = 40; i < 60; i++) {
      try (var client = node.connect()) {
        assertThat(client.put("/dev1/first", bytes("1")).status()).isEqualTo(200);
        client.send(RawHttp.head("PUT", file(i), "Content-Length: 4") + "gone");
        // Half of them with a reset.
        client.socket().setSoLinger(i % 2 == 0, 0);
      }
    }

    await()
        .untilAsserted(
            () ->
                assertThat(node.get("/-/metrics").text())
                    .contains("hayloft_node_uploads 0.0")
                    .contains("hayloft_node_buffers_bytes 0.0"));
    for (int i = 40; i < 60; i++) {
      if (Files.exists(node.file(file(i)))) {
        assertThat(node.file(file(i))).hasContent("gone");
      }
    }
    assertThat(unfinished()).isZero();
    assertThat(http.put(file(60), bytes("on")).status()).isEqualTo(200);
  }
}
