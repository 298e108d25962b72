package io.hayloft.node.requests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Asks a node native requests, and puts the pieces of the answer together. */
final class NativeClient {

  private NativeClient() {}

  /** The lines of an answer, in the order in which they came. */
  record Answer(int status, List<String> lines) {}

  static Answer post(TestNode node, String path, String... lines) {
    return postBody(node, path, String.join("\n", lines) + "\n");
  }

  static Answer postBody(TestNode node, String path, String body) {
    try (var http = node.connect()) {
      http.send(
          RawHttp.head("POST", path, "Content-Length: " + body.length(), "Connection: close")
              + body);
      return read(http);
    }
  }

  static Answer get(TestNode node, String path) {
    try (var http = node.connect()) {
      http.send(RawHttp.head("GET", path, "Connection: close"));
      return read(http);
    }
  }

  /** Reads until the node closes. */
  static Answer read(RawHttp http) {
    var answer = http.read();
    var body =
        answer.header("transfer-encoding").equals("chunked")
            ? unchunked(answer.body())
            : answer.text();
    return new Answer(answer.status(), body.isEmpty() ? List.of() : List.of(body.split("\n")));
  }

  private static String unchunked(byte[] body) {
    var text = new String(body, ISO_8859_1);
    var whole = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf("\r\n", at);
      int length = Integer.parseInt(text.substring(at, end), 16);
      try {
        whole.write(body, end + 2, length);
      } catch (IndexOutOfBoundsException brokenOff) {
        throw new UncheckedIOException(new IOException("the answer breaks off", brokenOff));
      }
      at = end + 2 + length + 2;
    }
    return whole.toString(ISO_8859_1);
  }
}
