package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Way.class)
class ConnectionTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  ConnectionTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot, way);
    node.put(FILE, "hello".getBytes(US_ASCII));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void http10EndsWithTheAnswer() {
    try (var http = node.connect()) {
      http.send("GET " + FILE + " HTTP/1.0\r\n\r\n");
      var answer = http.read();
      assertThat(answer.text()).isEqualTo("hello");
      assertThat(answer.header("content-length")).isEqualTo("5");
      assertThat(http.isClosedByServer()).isTrue();
    }
  }

  @Test
  void http10IsKeptAliveOnRequest() {
    try (var http = node.connect()) {
      for (int i = 0; i < 3; i++) {
        http.send("GET " + FILE + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        var answer = http.read();
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.header("connection")).isEqualToIgnoringCase("keep-alive");
      }
      http.send("PUT " + FILE + " HTTP/1.0\r\nConnection: keep-alive\r\nContent-length: 3\r\n\r\n");
      http.send("new");
      assertThat(http.read().status()).isEqualTo(200);
      http.send("HEAD /dev1/none HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
      assertThat(http.readHead().status()).isEqualTo(404);
      http.send("GET " + FILE + " HTTP/1.0\r\n\r\n");
      assertThat(http.read().text()).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET %s HTTP/1.1\r\n\r\n",
        "GET %s HTTP/1.1\n\n",
        "GET %s HTTP/1.1\r\nAccept: */*\r\nX-Ghost: y\r\n\r\n",
        "GET %s HTTP/1.1\r\nHos: x\r\nhosts: y\r\n\r\n",
        "GET %s HTTP/1.1\r\nAccept: a\r\nhOST: h:1\r\n\r\n",
      })
  void http11WithoutHostIsServed(String form) {
    var request = form.formatted(FILE);
    try (var http = node.connect()) {
      http.send(request + request);
      assertThat(http.read().text()).isEqualTo("hello");
      assertThat(http.read().text()).isEqualTo("hello");
      for (int i = 0; i < request.length(); i++) {
        http.send(request.substring(i, i + 1));
      }
      assertThat(http.read().text()).isEqualTo("hello");
      assertThat(http.call("GET", FILE).text()).isEqualTo("hello");
    }
  }

  @Test
  void whatIsNotHttpIsRefusedInTheUsualForm() {
    try (var http = node.connect()) {
      http.send("\0\1\2\3 nonsense\r\n\r\n");
      var answer = http.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).startsWith("<h1>400 - Bad Request</h1>");
    }
    try (var http = node.connect()) {
      http.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n");
      assertThat(http.read().status()).isIn(400, 414, 431);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    var sizes = new int[] {1, 70_000, 100, 65_536, 300_000, 0, 10};
    for (int size : sizes) {
      node.put("/dev1/p/" + size, random(size));
    }
    var requests = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      requests.append(RawHttp.head("GET", "/dev1/p/" + sizes[i % sizes.length]));
    }
    try (var http = node.connect()) {
      http.send(requests.toString());
      for (int i = 0; i < 60; i++) {
        assertThat(http.read().body()).isEqualTo(random(sizes[i % sizes.length]));
      }
    }
  }

  @Test
  void methodsCanBePipelined() {
    try (var http = node.connect()) {
      http.send(
          RawHttp.head("PUT", "/dev1/p/x", "Content-Length: 3")
              + "abc"
              + RawHttp.head("GET", "/dev1/p/x")
              + RawHttp.head("GET", "/dev1/p/x", "Range: bytes=1-1")
              + RawHttp.head("DELETE", "/dev1/p/x")
              + RawHttp.head("GET", "/dev1/p/x", "Connection: close"));
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(http.read().text()).isEqualTo("abc");
      assertThat(http.read().text()).isEqualTo("b");
      assertThat(http.read().status()).isEqualTo(204);
      assertThat(http.read().status()).isEqualTo(404);
      assertThat(http.isClosedByServer()).isTrue();
    }
  }

  private Socket slowSocket() throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(
        new InetSocketAddress(node.node().httpAddress().host(), node.node().httpAddress().port()));
    return socket;
  }

  @Test
  void slowReaderGetsAllAndHoldsNobodyUp() throws IOException {
    var body = random(12_000_000);
    node.put("/dev1/p/big", body);
    node.get("/dev1/p/big");
    try (var socket = slowSocket()) {
      socket
          .getOutputStream()
          .write(
              (RawHttp.head("GET", "/dev1/p/big") + RawHttp.head("GET", FILE, "Connection: close"))
                  .getBytes(US_ASCII));
      var in = socket.getInputStream();
      var start = in.readNBytes(1_000);

      for (int i = 0; i < 200; i++) {
        assertThat(node.get(FILE).text()).isEqualTo("hello");
      }

      socket.setReceiveBufferSize(1 << 20);
      var rest = in.readNBytes(body.length + 300);
      var all = new String(start, java.nio.charset.StandardCharsets.ISO_8859_1);
      int head = all.indexOf("\r\n\r\n") + 4;
      var got = new byte[body.length];
      System.arraycopy(start, head, got, 0, start.length - head);
      System.arraycopy(rest, 0, got, start.length - head, body.length - start.length + head);
      assertThat(Arrays.equals(got, body)).isTrue();
      assertThat(new String(rest, java.nio.charset.StandardCharsets.ISO_8859_1)).endsWith("hello");
    }
  }

  @Test
  void abortedDownloadsLeaveNoFileOpen() throws IOException {
    node.put("/dev1/p/big", random(10_000_000));
    node.get("/dev1/p/big");
    int before = OpenDescriptors.count();
    for (int i = 0; i < 60; i++) {
      try (var socket = slowSocket()) {
        socket.getOutputStream().write(RawHttp.head("GET", "/dev1/p/big").getBytes(US_ASCII));
        assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
        if (i % 2 == 0) {
          socket.setSoLinger(true, 0);
        }
      }
    }
    await()
        .untilAsserted(() -> assertThat(OpenDescriptors.count()).isLessThanOrEqualTo(before + 2));
  }

  @Test
  void truncatedFileClosesTheConnection() throws IOException {
    var body = random(20_000_000);
    node.put("/dev1/p/big", body);
    try (var socket = slowSocket()) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(RawHttp.head("GET", "/dev1/p/big").getBytes(US_ASCII));
      var in = socket.getInputStream();
      in.readNBytes(1_000);
      try (var file =
          Files.newByteChannel(node.file("/dev1/p/big"), java.nio.file.StandardOpenOption.WRITE)) {
        file.truncate(1_000);
      }

      long got = 1_000;
      try {
        for (var read = in.readNBytes(65_536); read.length > 0; read = in.readNBytes(65_536)) {
          got += read.length;
        }
      } catch (SocketException reset) {
        got++;
      }
      assertThat(got).isLessThan(body.length);
    }
    assertThat(node.get(FILE).text()).isEqualTo("hello");
  }

  @Test
  void portInUseIsSaid(@TempDir Path other) {
    var taken = node.node().httpAddress();
    var usual = TestNode.config(other, limits -> limits);
    var config =
        new StorageNodeConfig(
            taken, usual.sideListen(), other, 10, usual.durability(), usual.limits());
    assertThatThrownBy(() -> TestNode.with(config).close())
        .hasMessageContaining(String.valueOf(taken.port()));
  }

  @Test
  void silentConnectionsAreClosed(@TempDir Path other) throws IOException {
    try (var impatient =
        TestNode.on(
            other,
            limits ->
                new StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    Duration.ofMillis(300),
                    limits.sideIdleTimeout(),
                    limits.uploads(),
                    limits.diskQueue(),
                    limits.openFiles()))) {
      impatient.put("/dev1/p/big", random(20_000_000));
      try (var silent = impatient.connect();
          var stuckUpload = impatient.connect();
          var stuckReader = impatient.connect()) {
        stuckReader.send(RawHttp.head("GET", "/dev1/p/big"));
        stuckUpload.send(RawHttp.head("PUT", "/dev1/p/new", "Content-Length: 9"));
        stuckUpload.send("abc");
        assertThat(silent.isClosedByServer()).isTrue();
        assertThat(stuckUpload.read().status()).isGreaterThanOrEqualTo(400);
        assertThat(impatient.file("/dev1/p/new")).doesNotExist();
        await()
            .untilAsserted(
                () ->
                    assertThat(impatient.get("/-/metrics").text())
                        .contains("hayloft_node_uploads 0.0")
                        .contains("hayloft_node_connections 1.0"));
      }
    }
  }
}
