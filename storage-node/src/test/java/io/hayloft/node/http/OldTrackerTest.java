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
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the original's tracker, replicator and tools send to a node, in their words: probes of the
 * monitor, uploads that a tracker prepares, looks, copies and deletions.
 */
@ParameterizedClass
@EnumSource(Way.class)
class OldTrackerTest {

  private static final String AGENT = "User-Agent: MogileFS::Connection::HTTP/2.73\r\n";
  private static final Pattern USAGE =
      Pattern.compile(
          """
          available: [1-9]\\d*
          device: \\S+
          disk: \\S+
          time: (\\d+)
          total: [1-9]\\d*
          use: \\d+%
          used: [1-9]\\d*
          \\n*\
          """);

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  OldTrackerTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot, way);
    await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(200));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  /** As reads are sent: without Host, on a connection that stays. */
  private static RawHttp.Answer get(RawHttp http, String path) {
    http.send("GET " + path + " HTTP/1.0\r\n" + AGENT + "Connection: keep-alive\r\n\r\n");
    var answer = http.read();
    assertThat(answer.header("connection")).isEqualToIgnoringCase("keep-alive");
    assertThat(answer.headers()).containsKey("content-length");
    return answer;
  }

  /** As everything else is sent. */
  private static RawHttp.Answer send(RawHttp http, String method, String path, String... rest) {
    var head = method + " " + path + " HTTP/1.1\r\nHost: 10.0.0.1:7500\r\n" + AGENT;
    http.send(head + String.join("\r\n", rest) + (rest.length == 0 ? "\r\n" : ""));
    return method.equals("HEAD") ? http.readHead() : http.read();
  }

  private static RawHttp.Answer put(RawHttp http, String path, String body, String... headers) {
    var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return send(
        http,
        "PUT",
        path,
        more
            + "Content-Type: application/octet-stream\r\nContent-Length: "
            + body.length()
            + "\r\n",
        body);
  }

  private static RawHttp.Answer makeDirectory(RawHttp http, String path) {
    return send(http, "MKCOL", path, "Content-Length: 0\r\n", "");
  }

  @Test
  void theMonitorSeesThatADeviceCanBeReadAndWrittenAndThatDigestsAreChecked() {
    try (var http = node.connect()) {
      for (int round = 0; round < 5; round++) {
        assertThat(get(http, "/dev1/usage").text()).matches(USAGE);
        int made = makeDirectory(http, "/dev1/test-write/").status();
        assertThat(made).isEqualTo(round == 0 ? 201 : 405);
        var path = "/dev1/test-write/test-write-" + round % 2;
        var body = "time=" + (1_700_000_000 + round) + " rand=" + round * 7;
        assertThat(put(http, path, body).status()).isBetween(200, 299);
        assertThat(get(http, path).text()).isEqualTo(body);
        var rejected =
            put(http, "/dev1/test-write/test-md5", ".", "Content-MD5: kDPg4wXyR8DDyA0MeEjIsw");
        assertThat(rejected.status()).isEqualTo(400);
        assertThat(get(http, "/dev1/test-write/test-md5").status()).isEqualTo(404);
      }
    }
  }

  @Test
  void theUsageThatIsReadIsThatOfNow() {
    try (var http = node.connect()) {
      long first = time(get(http, "/dev1/usage"));
      // The tool that checks an installation asks with two slashes.
      await().untilAsserted(() -> assertThat(time(get(http, "//dev1/usage"))).isGreaterThan(first));
    }
  }

  private static long time(RawHttp.Answer usage) {
    var fields = USAGE.matcher(usage.text());
    assertThat(fields.matches()).as(usage.text()).isTrue();
    return Long.parseLong(fields.group(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev1/0/000/000/0000000017.fid",
        "/dev2/2/147/483/2147483632.fid",
        "/dev1/1/234/567/12345678901.fid"
      })
  void aFileIsPreparedStoredLookedAtReadAndDeleted(String path) {
    var body = "some bytes\r\n\r\n".repeat(700);
    try (var http = node.connect()) {
      for (int slash = 7; slash > 0; slash = path.indexOf('/', slash + 1)) {
        assertThat(makeDirectory(http, path.substring(0, slash + 1)).status()).isEqualTo(201);
      }
      var stored = put(http, path, body);
      assertThat(stored.status()).isEqualTo(200);
      assertThat(stored.text()).startsWith("<h1>200 - OK</h1>");
      assertThat(send(http, "HEAD", path).header("content-length"))
          .isEqualTo(Integer.toString(body.length()));
      for (int time = 0; time < 3; time++) {
        var read = get(http, path);
        assertThat(read.text()).isEqualTo(body);
        assertThat(read.headers())
            .containsKeys("last-modified", "content-type")
            .containsEntry("accept-ranges", "bytes");
      }
      assertThat(send(http, "DELETE", path).status()).isEqualTo(204);
      assertThat(send(http, "DELETE", path).status()).isEqualTo(404);
      assertThat(get(http, path).status()).isEqualTo(404);
    }
    assertThat(docroot.resolve(path.substring(1))).doesNotExist();
  }

  @Test
  void directoriesAreOpenedAndSayNothingOfWhatIsInThem() {
    try (var http = node.connect()) {
      put(http, "/dev1/0/secret", "x");
      for (var path : new String[] {"/", "/dev1", "/dev1/", "/dev1/0/"}) {
        var answer = get(http, path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).doesNotContain("secret").doesNotContain("dev2");
      }
    }
  }

  @Test
  void nothingIsAcknowledgedOfADiskThatFailed() throws IOException {
    try (var http = node.connect()) {
      put(http, "/dev1/0/before", "old");
      assertThat(get(http, "/dev1/0/before").text()).isEqualTo("old");
      Files.writeString(docroot.resolve("dev1/.hayloft-distrusted"), "Input/output error");
      await()
          .untilAsserted(
              () -> assertThat(put(http, "/dev1/0/after", "new").status()).isEqualTo(500));

      assertThat(put(http, "/dev1/0/before", "new").text()).startsWith("<h1>500 - ");
      assertThat(send(http, "DELETE", "/dev1/0/before").status()).isEqualTo(500);
      assertThat(get(http, "/dev1/0/before").text()).isEqualTo("old");
      assertThat(put(http, "/dev2/0/after", "new").status()).isEqualTo(200);
    }
  }

  @Test
  void noBodyIsTooLongToBegin() {
    try (var http = node.connect()) {
      http.send(
          RawHttp.head(
              "PUT", "/dev1/0/huge", "Content-Length: 5000000000000", "Expect: 100-continue"));
      assertThat(http.read().status()).isEqualTo(100);
      http.send("some of it".getBytes(US_ASCII));
    }
    assertThat(docroot.resolve("dev1/0/huge")).doesNotExist();
  }
}
