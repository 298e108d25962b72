package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where a tracker says that bytes are, or are to go; used again for the next answer. */
public final class Place {

  private static final byte[] SCHEME = Answer.bytes("http://");
  private static final byte[] GET = Answer.bytes("GET ");
  private static final byte[] PUT = Answer.bytes("PUT ");
  private static final byte[] HOST = Answer.bytes(" HTTP/1.1\r\nHost: ");
  private static final byte[] LENGTH = Answer.bytes("\r\nContent-Length: ");
  private static final byte[] HEAD_END = Answer.bytes("\r\n\r\n");
  private static final byte[] FIRST_PATH = Answer.bytes("path1=");
  private static final byte[] AND_FID = Answer.bytes("&fid=");
  private static final byte[] AND_DEVICE = Answer.bytes("&devid=");
  private static final byte[] AND_SIZE = Answer.bytes("&size=");
  private static final byte[] AND_PATH = Answer.bytes("&path=");

  private long fid;
  private long device;

  /** As it came, for the tracker to have it back. */
  private byte[] escaped = new byte[256];

  private int escapedLength;

  /** As it is in a URL. */
  private final byte[] url = new byte[1024];

  private int urlLength;

  public long fid() {
    return fid;
  }

  public int device() {
    return (int) device;
  }

  /** Takes an answer to {@code create_open}, which is OK. */
  public void opened(Answer answer) {
    fid = answer.number(Fields.FID);
    device = answer.number(Fields.DEVICE);
    take(answer, Fields.PATH);
  }

  /** Takes the first path of an answer to {@code get_paths}, which has one. */
  public void found(Answer answer) {
    take(answer, FIRST_PATH);
  }

  private void take(Answer answer, byte[] field) {
    int begin = answer.field(field);
    int end = answer.end(begin);
    escapedLength = end - begin;
    if (escapedLength > escaped.length) {
      escaped = new byte[2 * escapedLength];
    }
    System.arraycopy(answer.raw(), begin, escaped, 0, escapedLength);
    unescape(answer);
  }

  private void unescape(Answer answer) {
    int length = 0;
    for (int at = 0; at < escapedLength; at++) {
      byte each = escaped[at];
      if (each == '%' && at + 2 < escapedLength) {
        each = (byte) (digit(escaped[at + 1]) << 4 | digit(escaped[at + 2]));
        at += 2;
      }
      if (length == url.length) {
        throw answer.wrong("too long a path");
      }
      url[length++] = each;
    }
    urlLength = length;
    if (!Arrays.equals(url, 0, Math.min(length, SCHEME.length), SCHEME, 0, SCHEME.length)) {
      throw answer.wrong("not a URL");
    }
  }

  private static int digit(byte hex) {
    return Character.digit(hex, 16);
  }

  /** Asks the node for the bytes. */
  public void get(Turn turn) {
    var _ = head(turn, GET).put(HEAD_END);
  }

  /**
   * Gives the node bytes.
   *
   * @param body all of the buffer's
   */
  public void put(Turn turn, ByteBuffer body) {
    var _ = head(turn, PUT).put(LENGTH).number(body.capacity(), 1).put(HEAD_END).body(body);
  }

  private Request head(Turn turn, byte[] method) {
    int path = SCHEME.length;
    while (path < urlLength && url[path] != '/') {
      path++;
    }
    return turn.toNode(url, SCHEME.length, path)
        .put(method)
        .put(url, path, urlLength)
        .put(HOST)
        .put(url, SCHEME.length, path);
  }

  /** Adds to a {@code create_close} what it says of the place, and the size. */
  public Request told(Request request, long size) {
    return request
        .put(AND_FID)
        .number(fid, 1)
        .put(AND_DEVICE)
        .number(device, 1)
        .put(AND_SIZE)
        .number(size, 1)
        .put(AND_PATH)
        .put(escaped, 0, escapedLength);
  }
}
