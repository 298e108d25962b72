package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.blob.OpenBlob;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.DateGenerator;

/**
 * The head of the answer to a {@link PlainGet}, with the bytes that Jetty would write: first a part
 * that is the same for all answers of a second, then one that is the same for all answers with a
 * file.
 */
final class ResponseHead {

  private final Time time;
  private volatile Second current = new Second(Long.MIN_VALUE, ByteBuffer.allocateDirect(0));

  private record Second(long epochSecond, ByteBuffer head) {}

  ResponseHead(Time time) {
    this.time = time;
  }

  /** The status line and the date, with a position of its own. */
  ByteBuffer now() {
    long second = time.epochSecond();
    var known = current;
    if (known.epochSecond() != second) {
      var text = "HTTP/1.1 200 OK\r\nDate: " + DateGenerator.formatDate(second * 1_000) + "\r\n";
      known = new Second(second, direct(text.getBytes(ISO_8859_1)));
      current = known;
    }
    return known.head().duplicate();
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** All the rest, with the empty line. */
  static byte[] of(OpenBlob blob) {
    return ("Accept-Ranges: bytes\r\nLast-Modified: "
            + blob.modifiedText()
            + "\r\nETag: "
            + blob.tag()
            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
            + blob.size()
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }
}
