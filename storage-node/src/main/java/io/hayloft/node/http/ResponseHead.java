package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.blob.HttpDate;
import io.hayloft.node.blob.OpenBlob;
import io.hayloft.node.blob.ReadsAtOnce;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.eclipse.jetty.http.DateGenerator;

/**
 * The head of the answer to a {@link PlainRead}, with the bytes that Jetty would write: first a
 * part that is the same for all answers of a second, then one that is the same for all answers with
 * a file.
 */
final class ResponseHead {

  private static final long GOOD_FOR_NANOS = 100_000_000;

  private final Time time;
  private volatile Moment current;

  /**
   * @param untilNanos by the clock of {@link Time#nanoTime}
   */
  private record Moment(long untilNanos, ByteBuffer head) {}

  ResponseHead(Time time) {
    this.time = time;
    this.current = moment(time.nanoTime());
  }

  /**
   * The status line and the date, with a position of its own. Asking what second it is costs more
   * than the rest of this, so it is asked a few times a second.
   *
   * @param nowNanos what {@link Time#nanoTime} says
   */
  ByteBuffer at(long nowNanos) {
    var known = current;
    if (nowNanos - known.untilNanos() >= 0) {
      known = moment(nowNanos);
      current = known;
    }
    return known.head().duplicate();
  }

  private Moment moment(long nowNanos) {
    var date = DateGenerator.formatDate(time.epochSecond() * 1_000);
    return new Moment(
        nowNanos + GOOD_FOR_NANOS,
        direct(("HTTP/1.1 200 OK\r\nDate: " + date + "\r\n").getBytes(ISO_8859_1)));
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** All the rest, with the empty line. */
  static byte[] of(OpenBlob blob) {
    return rest(blob.modifiedText(), blob.tag(), blob.crc32c(), blob.size());
  }

  /** The same for a file that is read at once. */
  static byte[] of(ReadsAtOnce.Opened file) {
    return rest(
        HttpDate.of(file.modifiedMillis()),
        OpenBlob.tag(file.modifiedMillis(), file.size()),
        file.crc32c(),
        file.size());
  }

  private static byte[] rest(String modified, String tag, OptionalInt crc32c, long size) {
    return ("Accept-Ranges: bytes\r\nLast-Modified: "
            + modified
            + "\r\nETag: "
            + tag
            + "\r\nContent-Type: application/octet-stream\r\n"
            + ReprDigest.line(crc32c)
            + "Content-Length: "
            + size
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }
}
