package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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
class PutTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  PutTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node =
        TestNode.on(
            docroot,
            way,
            limits ->
                new io.hayloft.node.StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    limits.idleTimeout(),
                    limits.sideIdleTimeout(),
                    3,
                    limits.diskQueue(),
                    limits.openFiles()));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String md5(byte[] body) throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(body));
  }

  private List<Path> unfinished() throws IOException {
    try (var all = Files.walk(docroot)) {
      return all.filter(path -> path.toString().contains(".hayloft-tmp"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  @Test
  void wrongDigestKeepsTheOldContent() throws Exception {
    node.put(FILE, bytes("old"));

    var answer = node.put(FILE, bytes("."), "Content-MD5: " + md5(bytes("!")));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("Content-MD5");
    assertThat(node.get(FILE).text()).isEqualTo("old");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void wrongDigestLeavesNoNewFile() throws Exception {
    assertThat(node.put(FILE, bytes("."), "Content-MD5: " + md5(bytes("!"))).status())
        .isEqualTo(400);
    assertThat(node.file(FILE)).doesNotExist();
    assertThat(node.put(FILE, bytes("."), "Content-MD5: nonsense").status()).isEqualTo(400);
    assertThat(node.put(FILE, bytes("."), "Content-MD5: AAAA").status()).isEqualTo(400);
  }

  @Test
  void rightDigestIsConfirmed() throws Exception {
    var body = new byte[100_000];
    new Random(3).nextBytes(body);

    assertThat(node.put(FILE, body, "Content-MD5: " + md5(body)).status()).isEqualTo(201);
    assertThat(node.put(FILE, body, "content-md5: " + md5(body).replace("=", "")).status())
        .isEqualTo(201);
    assertThat(node.get(FILE).body()).isEqualTo(body);
  }

  @Test
  void chunkedBodyIsStored() {
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", FILE, "Transfer-Encoding: chunked"));
      http.send("5\r\nhello\r\n");
      http.send("1;extension=x\r\n,\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(http.call("GET", FILE).text()).isEqualTo("hello, world");
    }
  }

  @Test
  void bodyThatComesInPiecesIsStoredWhole() {
    var body = new byte[700_000];
    new Random(7).nextBytes(body);
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", FILE, "Content-Length: " + body.length));
      for (int from = 0; from < body.length; ) {
        int to = Math.min(body.length, from + 1 + from % 90_000);
        http.send(Arrays.copyOfRange(body, from, to));
        from = to;
      }
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(http.call("GET", FILE).body()).isEqualTo(body);
    }
  }

  @Test
  void clientIsToldToContinue() {
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", FILE, "Content-Length: 5", "Expect: 100-continue"));
      assertThat(http.read().status()).isEqualTo(100);
      http.send("hello");
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(http.call("GET", FILE).text()).isEqualTo("hello");
    }
  }

  @Test
  void clientIsNotToldToContinueInVain() {
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", "/dev9/a/b", "Content-Length: 5", "Expect: 100-continue"));
      assertThat(http.read().status()).isEqualTo(404);
    }
  }

  @Test
  void noLengthIsAnEmptyFile() {
    try (var http = node.connect()) {
      http.send("PUT " + FILE + " HTTP/1.0\r\n\r\n");
      assertThat(http.read().status()).isEqualTo(200);
    }
    assertThat(node.file(FILE)).isEmptyFile();
    assertThat(node.call("PUT", "/dev1/a/b").status()).isEqualTo(200);
    assertThat(node.file("/dev1/a/b")).isEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void brokenOffBodyLeavesNothing(boolean chunked) throws IOException {
    node.put(FILE, bytes("old"));
    try (var http = node.connect()) {
      http.send(
          RawHttp.head(
              "PUT", FILE, chunked ? "Transfer-Encoding: chunked" : "Content-Length: 1000000"));
      http.send(chunked ? "10000\r\n" + "x".repeat(0x10000) + "\r\n" : "x".repeat(100_000));
      await().untilAsserted(() -> assertThat(unfinished()).hasSize(1));
      assertThat(node.get(FILE).text()).isEqualTo("old");
    }

    await().untilAsserted(() -> assertThat(unfinished()).isEmpty());
    assertThat(node.get(FILE).text()).isEqualTo("old");
  }

  @Test
  void halfClosedClientWithTooFewBytesStoresNothing() throws IOException {
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", FILE, "Content-Length: 10"));
      http.send("12345");
      http.socket().shutdownOutput();
      assertThat(http.read().status()).isEqualTo(400);
    }
    assertThat(node.file(FILE)).doesNotExist();
    await().untilAsserted(() -> assertThat(unfinished()).isEmpty());
  }

  @Test
  void refusedClientThatSendsFirstStillReadsWhy() {
    var body = new byte[20_000_000];
    for (var path : List.of("/dev9/0/000/x", "/file", "/dev1/a%20b", "/dev1/../x")) {
      try (var http = node.connect()) {
        http.send(RawHttp.head("PUT", path, "Content-Length: " + body.length));
        http.send(body);

        var answer = http.read();

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).startsWith("<h1>4");
        assertThat(http.call("GET", "/-/live").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void directoryInTheWayIsAConflict() {
    node.put(FILE, bytes("x"));

    assertThat(node.put("/dev1/0/000", bytes("y")).status()).isEqualTo(409);
    assertThat(node.put(FILE + "/below", bytes("y")).status()).isEqualTo(409);
    assertThat(node.put("/dev1/" + "n".repeat(300), bytes("y")).status()).isEqualTo(400);
    assertThat(node.get(FILE).text()).isEqualTo("x");
  }

  @Test
  void directoryRemovedByOthersIsMadeAgain() throws IOException {
    node.put(FILE, bytes("x"));
    Files.delete(node.file(FILE));
    Files.delete(node.file("/dev1/0/000/000"));
    Files.delete(node.file("/dev1/0/000"));

    assertThat(node.put(FILE, bytes("y")).status()).isEqualTo(200);
    assertThat(node.get(FILE).text()).isEqualTo("y");
  }

  @Test
  void partIsWrittenIntoAFile() {
    node.put(FILE, new byte[0]);

    assertThat(putPart("01234", "bytes 0-4/*")).isEqualTo(200);
    assertThat(putPart("56789", "bytes 5-9/10")).isEqualTo(200);
    assertThat(node.get(FILE).text()).isEqualTo("0123456789");
    assertThat(putPart("abc", "bytes 3-5/*")).isEqualTo(200);
    assertThat(node.get(FILE).text()).isEqualTo("012abc6789");
    assertThat(putPart("wxyz", "bytes 8-11/*")).isEqualTo(200);
    assertThat(node.get(FILE).text()).isEqualTo("012abc67wxyz");
  }

  @Test
  void partThatCannotBeHonouredChangesNothing() throws Exception {
    assertThat(putPart("x", "bytes 0-0/*")).isEqualTo(404);
    assertThat(node.file(FILE)).doesNotExist();
    node.put(FILE, bytes("0123456789"));

    assertThat(putPart("x", "bytes 11-11/*")).isEqualTo(416);
    assertThat(putPart("xy", "bytes 3-3/*")).isEqualTo(400);
    assertThat(putPart("x", "bytes 3-4/*")).isEqualTo(400);
    assertThat(putPart("xy", "bytes 4-3/*")).isEqualTo(400);
    assertThat(putPart("xy", "bytes 3-4/4")).isEqualTo(400);
    assertThat(putPart("xy", "3-4")).isEqualTo(400);
    var wrong =
        node.put(FILE, bytes("x"), "Content-Range: bytes 3-3/*", "Content-MD5: " + md5(bytes("y")));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(node.get(FILE).text()).isEqualTo("0123456789");
    assertThat(unfinished()).isEmpty();
  }

  private int putPart(String part, String range) {
    return node.put(FILE, bytes(part), "Content-Range: " + range).status();
  }

  @Test
  void tooManyUploadsAreRefusedAndTheOthersGoOn() {
    var slow =
        java.util.stream.IntStream.range(0, 3)
            .mapToObj(
                number -> {
                  var http = node.connect();
                  http.send(RawHttp.head("PUT", "/dev1/slow/" + number, "Content-Length: 2"));
                  http.send("a");
                  return http;
                })
            .toList();
    await().untilAsserted(() -> assertThat(unfinished()).hasSize(3));

    var refused = node.put(FILE, bytes("x"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(node.get("/-/live").status()).isEqualTo(200);

    for (var http : slow) {
      http.send("b");
      assertThat(http.read().status()).isEqualTo(200);
      http.close();
    }
    assertThat(node.put(FILE, bytes("x")).status()).isEqualTo(200);
    assertThat(node.get("/dev1/slow/2").text()).isEqualTo("ab");
  }
}
