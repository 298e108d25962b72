package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;

/**
 * A parser that takes HTTP/1.1 requests without a {@code Host} header, which the original's storage
 * node serves and some of its clients send.
 *
 * <p>Jetty refuses them at the empty line that ends the headers, with no setting to change that. So
 * this class watches the lines go by, and when that empty line comes without a {@code Host} before
 * it, it gives the parser one first. The usual request has its {@code Host} in the first line, and
 * watching ends there.
 */
final class HostlessParser extends HttpParser {

  private static final byte[] WANTED = "host:".getBytes(US_ASCII);
  private static final byte[] SUBSTITUTE = "Host: localhost\r\n".getBytes(US_ASCII);

  private boolean settled;
  private int column;
  private boolean matching = true;

  HostlessParser(RequestHandler handler, int maxHeaderBytes, HttpCompliance compliance) {
    super(handler, maxHeaderBytes, compliance);
  }

  /** The request that begins may do without. It must be left as it is. */
  void leaveHostless() {
    settled = true;
  }

  @Override
  public void reset() {
    super.reset();
    settled = false;
    column = 0;
    matching = true;
  }

  @Override
  protected boolean parseFields(ByteBuffer buffer) {
    if (settled || getState() != State.HEADER) {
      return super.parseFields(buffer);
    }
    int end = endOfHeaders(buffer);
    if (end < 0) {
      return super.parseFields(buffer);
    }
    settled = true;
    int limit = buffer.limit();
    buffer.limit(end);
    boolean done = super.parseFields(buffer);
    if (!done && getState() == State.HEADER) {
      done = super.parseFields(ByteBuffer.wrap(SUBSTITUTE));
    }
    buffer.limit(limit);
    return done || super.parseFields(buffer);
  }

  /** Where the empty line begins, when no host came before it; else -1. */
  private int endOfHeaders(ByteBuffer buffer) {
    for (int i = buffer.position(); i < buffer.limit(); i++) {
      byte b = buffer.get(i);
      if (column == 0 && (b == '\r' || b == '\n')) {
        return i;
      }
      if (b == '\n') {
        column = 0;
        matching = true;
      } else if (b != '\r') {
        matching = matching && column < WANTED.length && lower(b) == WANTED[column];
        column++;
        if (matching && column == WANTED.length) {
          settled = true;
          return -1;
        }
      }
    }
    return -1;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }
}
