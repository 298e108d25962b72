package io.hayloft.node.sidechannel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideChannelTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";
  private static final String MD5_OF_HELLO = "5d41402abc4b2a76b9719d911017c592";
  private static final String SHA1_OF_HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";

  @TempDir Path docroot;
  private TestNode node;

  @BeforeEach
  void startNode() {
    node =
        TestNode.on(
            docroot,
            limits ->
                new StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    limits.idleTimeout(),
                    Duration.ofSeconds(2),
                    limits.uploads(),
                    limits.diskQueue(),
                    limits.openFiles()));
    node.put(FILE, "hello".getBytes(US_ASCII));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  /** A client that also sees the line ends. */
  private static final class Line implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Line(TestNode node) throws IOException {
      var address = node.node().sideAddress();
      socket = new Socket(address.host(), address.port());
      socket.setSoTimeout(20_000);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    Line say(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return this;
    }

    /** Up to and with the next line feed; empty at the end. */
    String hear() throws IOException {
      var heard = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        heard.append((char) c);
        if (c == '\n') {
          return heard.toString();
        }
      }
      return heard.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "size " + FILE + ", " + FILE + " 5",
    "size //dev1//0/000/000/0000000017.fid, //dev1//0/000/000/0000000017.fid 5",
    "size /dev1/none, /dev1/none -1",
    "size /dev1/0, /dev1/0 -1",
    "size /etc/passwd, /etc/passwd -1",
    "size /, / -1",
    "size /dev1/../x, ERROR: uri invalid (contains ..)",
    "MD5 /../etc/passwd, ERROR: uri invalid (contains ..)",
    "MD5 " + FILE + ", " + FILE + " MD5=" + MD5_OF_HELLO,
    "MD5 " + FILE + " fsck, " + FILE + " MD5=" + MD5_OF_HELLO,
    "MD5 " + FILE + " replicate, " + FILE + " MD5=" + MD5_OF_HELLO,
    "SHA-1 " + FILE + ", " + FILE + " SHA-1=" + SHA1_OF_HELLO,
    "MD5 /dev1/none, /dev1/none MD5=-1",
    "SHA-1 /etc/passwd fsck, /etc/passwd SHA-1=-1",
    "md5 " + FILE + ", ERROR: unknown command: md5",
    "sha-1 " + FILE + ", ERROR: unknown command: sha-1",
    "Size " + FILE + ", ERROR: unknown command: Size",
    "size, ERROR: unknown command: size",
    "MD5, ERROR: unknown command: MD5",
    "state, ERROR: unknown command: state",
    "fid_sizes 1-2, ERROR: unknown command: fid_sizes",
    "'', ''",
  })
  void requestIsAnswered(String request, String reply) throws IOException {
    try (var line = new Line(node)) {
      assertThat(line.say(request + "\n").hear()).isEqualTo(reply + "\r\n");
      assertThat(line.say(request + "\r\n").hear()).isEqualTo(reply + "\r\n");
    }
  }

  @Test
  void answersComeInTheOrderOfTheRequests() throws Exception {
    var large = new byte[20_000_000];
    new Random(1).nextBytes(large);
    node.put("/dev1/large", large);
    var digest = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(large));
    try (var line = new Line(node)) {
      line.say("MD5 /dev1/large\nsize " + FILE + "\nMD5 /dev1/large fsck\nSHA-1 " + FILE + "\n");
      assertThat(line.hear()).isEqualTo("/dev1/large MD5=" + digest + "\r\n");
      assertThat(line.hear()).isEqualTo(FILE + " 5\r\n");
      assertThat(line.hear()).isEqualTo("/dev1/large MD5=" + digest + "\r\n");
      assertThat(line.hear()).isEqualTo(FILE + " SHA-1=" + SHA1_OF_HELLO + "\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"watch", "WATCH", "Watch"})
  void watcherGetsTheDevicesAgainAndAgain(String word) throws IOException {
    try (var line = new Line(node)) {
      line.say(word + "\nsize " + FILE + "\n");
      for (int i = 0; i < 2; i++) {
        assertThat(line.hear()).matches("1\t(-|\\d+\\.\\d\\d)\n");
        assertThat(line.hear()).matches("2\t(-|\\d+\\.\\d\\d)\n");
        assertThat(line.hear()).isEqualTo(".\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"shutdown, 0", "shutdown graceful, 60", "shutdown graceful 7, 7"})
  void shutdownIsPassedOn(String request, int seconds) throws Exception {
    try (var line = new Line(node)) {
      assertThat(line.say(request + "\n").hear()).isEmpty();
    }
    assertThat(node.shutdowns().poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void endlessLineIsCutOff() throws IOException {
    try (var line = new Line(node)) {
      line.say("x".repeat(9_000));
      assertThat(line.hear()).isEqualTo("ERROR: line too long\r\n");
      assertThat(line.hear()).isEmpty();
    }
  }

  @Test
  void silentConnectionIsClosed() throws IOException {
    try (var line = new Line(node)) {
      assertThat(line.hear()).isEmpty();
    }
  }

  @Test
  void manyConnectionsAreServed() throws IOException {
    var lines = new ArrayList<Line>();
    for (int i = 0; i < 200; i++) {
      lines.add(new Line(node));
    }
    for (var line : lines) {
      line.say("size " + FILE + "\n");
    }
    for (var line : lines) {
      assertThat(line.hear()).isEqualTo(FILE + " 5\r\n");
      line.close();
    }
  }

  @Test
  void unreadableFileIsNoFile() throws IOException {
    Files.createDirectory(docroot.resolve("dev1/directory"));
    try (var line = new Line(node)) {
      assertThat(line.say("MD5 /dev1/directory\n").hear()).isEqualTo("/dev1/directory MD5=-1\r\n");
    }
  }

  @Test
  void usageHasASize() {
    await()
        .untilAsserted(
            () -> {
              try (var line = new Line(node)) {
                assertThat(line.say("size /dev1/usage\n").hear())
                    .matches("/dev1/usage [1-9]\\d+\r\n");
              }
            });
  }
}
