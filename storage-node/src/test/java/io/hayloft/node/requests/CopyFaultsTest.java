package io.hayloft.node.requests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies whose source stops amid a file, and askers who go away. */
class CopyFaultsTest {

  private static final int LENGTH = 1_000_000;

  @TempDir Path docroot;
  private TestNode node;
  private ServerSocket server;
  private final List<Socket> fetching = new CopyOnWriteArrayList<>();

  /** A source that sends the head and the first half of each file, and then nothing. */
  @BeforeEach
  void start() throws IOException {
    node = TestNode.on(docroot);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    try {
      while (true) {
        var socket = server.accept();
        socket.getInputStream().read(new byte[4_096]);
        var head = "HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        socket.getOutputStream().write(new byte[LENGTH / 2]);
        fetching.add(socket);
      }
    } catch (IOException closed) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    for (var socket : fetching) {
      socket.close();
    }
    node.close();
  }

  private String line(int fid) {
    var path = "/0/000/000/" + String.format("%010d", fid) + ".fid";
    return "/dev1"
        + path
        + " http://127.0.0.1:"
        + server.getLocalPort()
        + "/dev1"
        + path
        + " "
        + LENGTH
        + "\n";
  }

  private RawHttp ask(String query, String body) {
    var http = node.connect();
    var length = "Content-Length: " + body.length();
    http.send(RawHttp.head("POST", "/-/copy" + query, length, "Connection: close") + body);
    return http;
  }

  private List<String> filesOfUploads() {
    try (var files = Files.walk(docroot.resolve("dev1"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("usage") && !name.startsWith(".hayloft"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void aSourceThatDiesAmidAFileLeavesNothing() throws IOException {
    try (var http = ask("", line(1))) {
      await().until(() -> fetching.size() == 1 && !filesOfUploads().isEmpty());
      fetching.getFirst().close();

      var answer = http.read();
      assertThat(answer.status()).isEqualTo(502);
      await().untilAsserted(() -> assertThat(filesOfUploads()).isEmpty());
    }
  }

  @Test
  void anAskerWhoGoesAwayEndsTheCopy() {
    var http = ask("?beat=1", line(1));
    await().until(() -> fetching.size() == 1 && !filesOfUploads().isEmpty());

    http.close();

    await().untilAsserted(() -> assertThat(filesOfUploads()).isEmpty());
    assertThat(isClosed(fetching.getFirst())).isTrue();
  }

  @Test
  void aNodeThatIsStillAtItGivesSignsOfLife() throws IOException {
    try (var http = ask("?beat=1", line(1))) {
      var seen = new StringBuilder();
      while (!seen.toString().endsWith("\r\n\r\n\n\n")) {
        int b = http.in().read();
        assertThat(b).isNotNegative();
        seen.append((char) b);
      }
      assertThat(seen.toString()).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void fewFilesAreFetchedFromOneSourceAtATime() {
    try (var http =
        ask("?beat=1", String.join("", IntStream.range(1, 50).mapToObj(this::line).toList()))) {
      await().until(() -> fetching.size() == 4);
      node.get("/-/live");

      assertThat(fetching).hasSize(4);
      assertThat(http.socket().isConnected()).isTrue();
    }
  }

  @Test
  void aNodeThatStopsLeavesNothing() {
    try (var http = ask("?beat=1", line(1))) {
      await().until(() -> fetching.size() == 1 && !filesOfUploads().isEmpty());

      node.node().stop(java.time.Duration.ZERO);

      assertThat(isClosed(fetching.getFirst())).isTrue();
      await().untilAsserted(() -> assertThat(filesOfUploads()).isEmpty());
      assertThat(http.socket().isConnected()).isTrue();
    }
  }

  @Test
  void beyondTheBoundRequestsAreRefusedAndTheRestGoesOn() {
    var asking = new ArrayList<RawHttp>();
    try {
      for (int i = 1; i <= 32; i++) {
        asking.add(ask("?beat=60", line(i)));
      }
      await().until(() -> fetching.size() == 4);
      await()
          .untilAsserted(
              () -> {
                try (var refused = ask("", line(99))) {
                  refused.socket().setSoTimeout(2_000);
                  var answer = refused.read();
                  assertThat(answer.status()).isEqualTo(503);
                  assertThat(answer.header("retry-after")).isEqualTo("1");
                }
              });
      assertThat(node.get("/-/live").status()).isEqualTo(200);
    } finally {
      asking.forEach(RawHttp::close);
    }
  }
}
