package io.hayloft.node.sidechannel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.SideLine;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.io.RandomAccessFile;
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

  private SideLine side() {
    return SideLine.to(node.node().sideAddress());
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
    try (var line = side()) {
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
    try (var line = side()) {
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
    try (var line = side()) {
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
    try (var line = side()) {
      assertThat(line.say(request + "\n").hear()).isEmpty();
    }
    assertThat(node.shutdowns().poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(seconds));
  }

  /** A file that takes a second or so to read, of which little is on the disk. */
  private void makeLong(String path) throws IOException {
    try (var file = new RandomAccessFile(node.file(path).toFile(), "rw")) {
      file.setLength(600L << 20);
    }
  }

  @Test
  void checksOfADiskTakeTurnsAndHoldNobodyElseUp() throws Exception {
    makeLong("/dev1/long");
    node.put("/dev2/a", "hello".getBytes(US_ASCII));
    try (var first = side();
        var second = side();
        var other = side()) {
      first.say("MD5 /dev1/long fsck\n");
      await().until(() -> OpenDescriptors.leadTo(node.file("/dev1/long")));
      second.say("MD5 " + FILE + " fsck\n");

      assertThat(other.say("MD5 " + FILE + "\n").hear())
          .isEqualTo(FILE + " MD5=" + MD5_OF_HELLO + "\r\n");
      assertThat(other.say("MD5 /dev2/a fsck\n").hear())
          .isEqualTo("/dev2/a MD5=" + MD5_OF_HELLO + "\r\n");
      assertThat(second.hasHeard()).isFalse();

      assertThat(first.hear()).startsWith("/dev1/long MD5=");
      assertThat(second.hear()).isEqualTo(FILE + " MD5=" + MD5_OF_HELLO + "\r\n");
    }
  }

  @Test
  void aReadThatFailsIsSaidWithItsPlace() throws Exception {
    makeLong("/dev1/long");
    node.put("/dev1/cut", new byte[400_000]);
    try (var first = side();
        var second = side()) {
      first.say("MD5 /dev1/long fsck\n");
      await().until(() -> OpenDescriptors.leadTo(node.file("/dev1/long")));
      second.say("SHA-1 /dev1/cut fsck\nsize /dev1/cut\n");
      await().until(() -> OpenDescriptors.leadTo(node.file("/dev1/cut")));
      try (var file = new RandomAccessFile(node.file("/dev1/cut").toFile(), "rw")) {
        file.setLength(300_000);
      }

      assertThat(first.hear()).startsWith("/dev1/long MD5=");
      assertThat(second.hear()).isEqualTo("ERR read /dev1/cut at 262144 failed\r\n");
      assertThat(second.hear()).isEqualTo("/dev1/cut 300000\r\n");
    }
  }

  @Test
  void endlessLineIsCutOff() throws IOException {
    try (var line = side()) {
      line.say("x".repeat(9_000));
      assertThat(line.hear()).isEqualTo("ERROR: line too long\r\n");
      assertThat(line.hear()).isEmpty();
    }
  }

  @Test
  void silentConnectionIsClosed() throws IOException {
    try (var line = side()) {
      assertThat(line.hear()).isEmpty();
    }
  }

  @Test
  void manyConnectionsAreServed() throws IOException {
    var lines = new ArrayList<SideLine>();
    for (int i = 0; i < 200; i++) {
      lines.add(side());
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
    try (var line = side()) {
      assertThat(line.say("MD5 /dev1/directory\n").hear()).isEqualTo("/dev1/directory MD5=-1\r\n");
    }
  }

  @Test
  void usageHasASize() {
    await()
        .untilAsserted(
            () -> {
              try (var line = side()) {
                assertThat(line.say("size /dev1/usage\n").hear())
                    .matches("/dev1/usage [1-9]\\d+\r\n");
              }
            });
  }
}
