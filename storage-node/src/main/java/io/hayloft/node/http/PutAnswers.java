package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpStatus;

/** The answers to {@link PlainPut}s, with the bytes that Jetty would write. */
final class PutAnswers {

  private final Time time;
  private final ResponseHead heads;
  private final byte[] page = Exchange.html(HttpStatus.OK_200, "");

  PutAnswers(Time time) {
    this.time = time;
    this.heads = new ResponseHead(time);
  }

  /** The file is there. */
  ByteBuffer stored(int crc32c) {
    var head = heads.at(time.nanoTime());
    var rest =
        (ReprDigest.line(crc32c)
                + "Content-Type: text/html\r\nContent-Length: "
                + page.length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    return ByteBuffer.allocate(head.remaining() + rest.length + page.length)
        .put(head)
        .put(rest)
        .put(page)
        .flip();
  }

  /** It is not, though all of it has come. */
  ByteBuffer refused(int status, String sentence) {
    var html = Exchange.html(status, sentence);
    var head =
        ("HTTP/1.1 "
                + status
                + " "
                + HttpStatus.getMessage(status)
                + "\r\nDate: "
                + DateGenerator.formatDate(time.epochSecond() * 1_000)
                + (status == HttpStatus.SERVICE_UNAVAILABLE_503 ? "\r\nRetry-After: 1" : "")
                + "\r\nContent-Type: text/html\r\nContent-Length: "
                + html.length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    return ByteBuffer.allocate(head.length + html.length).put(head).put(html).flip();
  }
}
