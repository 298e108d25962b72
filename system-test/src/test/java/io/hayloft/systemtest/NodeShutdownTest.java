package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.embedded.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage node as a process, told over its side channel to end. */
class NodeShutdownTest {

  @TempDir Path docroot;

  private InetSocketAddress http;
  private InetSocketAddress side;
  private Daemon node;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(docroot.resolve("dev1"));
    http = FreePorts.nextOnLoopback();
    side = FreePorts.nextOnLoopback();
    node =
        new Daemon(
                "node",
                List.of("node", "--skip-config"),
                Map.of(
                    "HAYLOFT_HTTP_LISTEN", "127.0.0.1:" + http.getPort(),
                    "HAYLOFT_SIDE_LISTEN", "127.0.0.1:" + side.getPort(),
                    "HAYLOFT_DOCROOT", docroot.toString()),
                http,
                docroot.resolve("node.log"))
            .launch()
            .awaitListening();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    var socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Half of an upload, of which the node has taken note. */
  private Socket halfAnUpload() throws IOException {
    var upload = connect(http);
    upload
        .getOutputStream()
        .write("PUT /dev1/a/b HTTP/1.1\r\nContent-Length: 10\r\n\r\n01234".getBytes(US_ASCII));
    await()
        .until(
            () -> {
              try (var files = Files.walk(docroot.resolve("dev1"))) {
                return files
                    .filter(Files::isRegularFile)
                    .anyMatch(file -> file.toFile().length() == 5);
              }
            });
    return upload;
  }

  private void tell(String word) throws IOException {
    try (var channel = connect(side)) {
      channel.getOutputStream().write((word + "\n").getBytes(US_ASCII));
      assertThat(channel.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void shutdownGracefulLetsAnUploadEnd() throws IOException {
    try (var upload = halfAnUpload()) {
      tell("shutdown graceful 30");
      upload.getOutputStream().write("56789".getBytes(US_ASCII));

      assertThat(new String(upload.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
    assertThat(node.awaitExit()).isZero();
    assertThat(docroot.resolve("dev1/a/b")).hasContent("0123456789");
  }

  @Test
  void aSignalLetsDownloadsAndUploadsEndAndTakesNoMore() throws IOException {
    var body = new byte[24 << 20];
    new Random(1).nextBytes(body);
    Files.write(docroot.resolve("dev1/large"), body);
    try (var upload = halfAnUpload();
        var download = new Socket()) {
      download.setReceiveBufferSize(4_096);
      download.setSoTimeout(20_000);
      download.connect(http);
      download
          .getOutputStream()
          .write("GET /dev1/large HTTP/1.1\r\nHost: node\r\n\r\n".getBytes(US_ASCII));
      assertThat(download.getInputStream().read()).isEqualTo('H');

      node.beginToStop();

      await()
          .untilAsserted(
              () -> assertThatThrownBy(() -> connect(http)).isInstanceOf(ConnectException.class));
      upload.getOutputStream().write("56789".getBytes(US_ASCII));
      assertThat(new String(upload.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 200");
      var rest = download.getInputStream().readAllBytes();
      assertThat(Arrays.copyOfRange(rest, rest.length - body.length, rest.length)).isEqualTo(body);
    }
    assertThat(node.awaitExit()).isZero();
    assertThat(docroot.resolve("dev1/a/b")).hasContent("0123456789");
  }

  @Test
  void shutdownBreaksAnUploadOff() throws IOException {
    try (var upload = halfAnUpload()) {
      tell("shutdown");

      assertThat(node.awaitExit()).isZero();
      assertThat(upload.isConnected()).isTrue();
    }
    assertThat(docroot.resolve("dev1/a/b")).doesNotExist();
  }
}
