package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.Complaints;
import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heads over which the HTTP server stumbles are the client's fault, and said to be. */
class MalformedHeadsTest {

  private static final String FILE = "/dev1/0/000/000/0000000001.fid";
  private static final String GET = "GET " + FILE + " HTTP/1.1\r\n";

  private static final List<String> HEADS =
      List.of(
          GET + "Host: a\r\nHost: \"b\r\n",
          GET + "Host: \"a\r\nHost: b\r\n",
          GET + "Host: \"\r\n",
          GET + "Host: a, \"b\r\n",
          "HEAD http://a@b" + FILE + " HTTP/1.1\r\nHost: a:b\r\n",
          "DELETE * HTTP/1.1\r\nHost: a\r\n",
          "PUT " + FILE + " HTTP/1.1\r\nHost: \"\r\nContent-Length: 5\r\n");

  @TempDir private Path docroot;

  @ParameterizedTest
  @EnumSource
  void eachIsAnswered400AndIsTheLastOfItsConnection(Way way) {
    var complaints = Complaints.listen();
    try (var node = TestNode.on(docroot, way)) {
      node.put(FILE, "bytes".getBytes(ISO_8859_1));
      for (var head : HEADS) {
        try (var http = node.connect()) {
          assertThat(http.call("GET", FILE).text()).isEqualTo("bytes");
          http.send(head + "\r\n1\r\nx\r\n" + RawHttp.head("DELETE", FILE));
          var answers = http.readToEnd();
          assertThat(answers).as(head).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
        }
      }
      assertThat(node.get(FILE).text()).isEqualTo("bytes");
      complaints.assertNone();
    } finally {
      complaints.end();
    }
  }

  /** Which of them is meant nobody can know. */
  @ParameterizedTest
  @EnumSource
  void twoHostsAreRefused(Way way) {
    try (var node = TestNode.on(docroot, way);
        var http = node.connect()) {
      http.send(GET + "Host: a\r\nHost: b\r\n\r\n");
      assertThat(http.readToEnd()).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
    }
  }
}
