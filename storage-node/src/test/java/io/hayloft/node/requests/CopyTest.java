package io.hayloft.node.requests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyTest {

  private static final String FROM = "/dev1/0/000/000/0000000017.fid";
  private static final String TO = "/dev2/0/000/000/0000000017.fid";

  @TempDir static Path directory;
  private static TestNode source;
  private static TestNode node;

  @BeforeAll
  static void startNodes() {
    source = TestNode.on(directory.resolve("source"));
    node = TestNode.on(directory.resolve("destination"));
  }

  @AfterEach
  void removeFiles() {
    source.call("DELETE", FROM);
    node.call("DELETE", TO);
  }

  @AfterAll
  static void stopNodes() {
    node.close();
    source.close();
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + source.node().httpAddress().port() + path;
  }

  private static void nothingIsLeft() throws IOException {
    assertThat(node.file(TO)).doesNotExist();
    try (var files = Files.walk(node.docroot())) {
      assertThat(files.filter(file -> file.toString().contains(".hayloft-tmp")))
          .noneMatch(Files::isRegularFile);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_384, 32_600, 262_144, 262_145, 3_000_000})
  void aFileIsFetchedWhole(int length) throws Exception {
    var body = bytes(length);
    source.put(FROM, body);

    var answer =
        NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " " + length + " want=MD5");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.lines())
        .containsExactly(TO + " made " + length + " CRC32C:" + crc(body) + " MD5:" + md5(body));
    assertThat(node.file(TO)).hasBinaryContent(body);
    assertThat(node.get(TO).body()).isEqualTo(body);
  }

  @Test
  void manyAreFetchedSideBySideAndEachIsAnswered() {
    var lines = new ArrayList<String>();
    var expected = new ArrayList<String>();
    for (int i = 1; i <= 200; i++) {
      var path = "/0/000/000/" + String.format("%010d", i) + ".fid";
      source.put("/dev1" + path, bytes(i));
      lines.add("/dev" + (1 + i % 2) + path + " " + url("/dev1" + path) + " " + i);
      expected.add("/dev" + (1 + i % 2) + path + " made " + i + " CRC32C:" + crc(bytes(i)));
    }

    var answer = NativeClient.post(node, "/-/copy?beat=1", lines.toArray(String[]::new));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.lines()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(node.get("/dev1/0/000/000/0000000200.fid").body()).isEqualTo(bytes(200));
  }

  @Test
  void aCopyTakesThePlaceOfAnOldFile() {
    source.put(FROM, bytes(20_000));
    node.put(TO, bytes(5));
    node.get(TO);

    NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 20000");

    assertThat(node.get(TO).body()).isEqualTo(bytes(20_000));
  }

  @Test
  void aSourceThatIsNotWhatItShouldBeLeavesNothing() throws Exception {
    source.put(FROM, bytes(400_000));
    var wrongCrc = " CRC32C:" + crc(bytes(1));
    var wrongMd5 = " MD5:" + md5(bytes(1));

    var length = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 399999");
    var crc = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 400000" + wrongCrc);
    var md5 = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 400000" + wrongMd5);
    var missing = NativeClient.post(node, "/-/copy", TO + " " + url("/dev1/no.fid") + " 5");

    assertThat(length.status()).isEqualTo(502);
    assertThat(length.lines()).containsExactly(TO + " source has 400000 bytes, not 399999");
    assertThat(crc.lines().getFirst()).startsWith(TO + " source has digest ");
    assertThat(md5.lines().getFirst()).startsWith(TO + " source has digest ");
    assertThat(missing.lines()).containsExactly(TO + " source HTTP 404");
    nothingIsLeft();
  }

  @Test
  void theRightDigestsAreAccepted() throws Exception {
    var body = bytes(1_000);
    source.put(FROM, body);
    var known = " CRC32C:" + crc(body) + " MD5:" + md5(body);

    var answer = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 1000" + known);

    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void aMissingDeviceFailsAndIsNotMade() {
    source.put(FROM, bytes(10));

    var answer = NativeClient.post(node, "/-/copy", "/dev77/0/a.fid " + url(FROM) + " 10");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.lines())
        .containsExactly("/dev77/0/a.fid destination there is no device dev77");
    assertThat(node.file("/dev77")).doesNotExist();
  }

  @Test
  void aSourceWhoseBytesHaveRottedIsNotCopied() throws IOException {
    source.put(FROM, bytes(1_000));
    var file = source.file(FROM);
    var written = Files.getLastModifiedTime(file);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[5]), 100);
    }
    Files.setLastModifiedTime(file, written);

    var answer = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 1000");

    assertThat(answer.lines())
        .containsExactly(TO + " source has not the CRC32C that it says it has");
    nothingIsLeft();
  }

  /** Answers one request with what it is told, byte for byte, and closes. */
  private static int serve(ServerSocket server, String answer) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (var socket = server.accept()) {
                socket.getInputStream().read(new byte[4_096]);
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    return server.getLocalPort();
  }

  private static String repr(byte[] body) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(crc(body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 5~~hel | The source ended 2 bytes too early.",
        "HTTP/1.1 200 OK~Content-Length: 9~~hello | has 9 bytes, not 5",
        "HTTP/1.1 200 OK~~hello | states no length",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5 | The source sends a body that is chunked.",
        "HTTP/1.1 200 OK~Content-Length: x~~hello | The source states no length that is one.",
        "HTTP/1.1 200 OK~nonsense~~hello | The answer is not HTTP.",
        "SSH-2.0-OpenSSH_9.2~~hello | The answer is not HTTP.",
        "HTTP/1.1 301 Moved~Location: /x~Content-Length: 5~~hello | HTTP 301",
        "HTTP/1.1 206 Partial~Content-Length: 5~~hello | HTTP 206",
        "HTTP/1.1 200 OK~Content-Len | The source closed the connection.",
      })
  void aServerThatAnswersBadlyIsABadSource(String answer, String reason) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = serve(server, answer.replace("~", "\r\n"));

      var got =
          NativeClient.post(
              node, "/-/copy", TO + " http://127.0.0.1:" + port + FROM + " 5 CRC32C:9a71bb4c");

      assertThat(got.status()).isEqualTo(502);
      assertThat(got.lines()).containsExactly(TO + " source " + reason);
      nothingIsLeft();
    }
  }

  @Test
  void theDigestThatTheSourceKeepsIsCompared() throws Exception {
    var body = "hello".getBytes(ISO_8859_1);
    var head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRepr-Digest: crc32c=:";
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var line = TO + " http://127.0.0.1:" + server.getLocalPort() + FROM + " 5";
      serve(server, head + repr("other".getBytes(ISO_8859_1)) + ":\r\n\r\nhello");
      var wrong = NativeClient.post(node, "/-/copy", line);
      serve(server, head + repr(body) + ":\r\n\r\nhello");
      var right = NativeClient.post(node, "/-/copy", line);

      assertThat(wrong.lines())
          .containsExactly(TO + " source has not the CRC32C that it says it has");
      assertThat(right.lines()).containsExactly(TO + " made 5 CRC32C:" + crc(body));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev2/0/a.fid",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid -1",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid 5 ",
        "/dev2/0/a.fid  http://127.0.0.1:1/dev1/0/b.fid 5",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid 5 CRC32C:xx",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid 5 want=ROT13",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid 5 want=MD5 want=MD5",
        "/dev2/0/a.fid http://localhost:1/dev1/0/b.fid 5",
        "/dev2/0/a.fid https://127.0.0.1:1/dev1/0/b.fid 5",
        "/dev2/0/a.fid file:///dev1/0/b.fid 5",
        "/dev2/0/a.fid http://127.0.0.1:1/admin/shutdown 5",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/usage 5",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/../etc/b.fid 5",
        "/dev2/0/a.fid http://127.0.0.1:1/dev1/0/b.fid?x=.fid 5",
        "/dev2/0/a.fid http://user@127.0.0.1:1/dev1/0/b.fid 5",
        "/dev2/0/a.fid http://127.0.0.1:99999/dev1/0/b.fid 5",
        "/dev2/../etc/a.fid http://127.0.0.1:1/dev1/0/b.fid 5",
        "/dev2/.hayloft-tmp/a.fid http://127.0.0.1:1/dev1/0/b.fid 5",
        "/etc/a.fid http://127.0.0.1:1/dev1/0/b.fid 5",
      })
  void whatCannotBeUnderstoodIsRefusedWhole(String line) throws IOException {
    source.put(FROM, bytes(10));

    var answer = NativeClient.post(node, "/-/copy", TO + " " + url(FROM) + " 10", line);

    assertThat(answer.status()).isEqualTo(400);
    nothingIsLeft();
  }
}
