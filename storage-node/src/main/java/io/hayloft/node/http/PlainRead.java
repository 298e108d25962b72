package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the requests that nearly all are: {@code GET} and {@code HEAD} of a file by a path
 * without anything to decode, by HTTP/1.1, whole and with nothing in its headers that asks for
 * more. Whatever is in any way unusual, incomplete or wrong is none, and Jetty's parser is asked,
 * which knows what to do or say.
 */
final class PlainRead {

  private static final byte[] GET = "GET /".getBytes(ISO_8859_1);
  private static final byte[] HEAD = "HEAD /".getBytes(ISO_8859_1);
  static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(ISO_8859_1);
  static final byte[] HOST = "host".getBytes(ISO_8859_1);
  static final byte[] USER_AGENT = "user-agent".getBytes(ISO_8859_1);
  static final byte[] ACCEPT = "accept".getBytes(ISO_8859_1);
  static final byte[] CONNECTION = "connection".getBytes(ISO_8859_1);
  static final byte[] KEEP_ALIVE = "keep-alive".getBytes(ISO_8859_1);

  static final boolean[] IN_PATH = allowed("/.-_");
  private static final boolean[] IN_HOST = allowed(".-_:[]");
  static final boolean[] IN_NAME = allowed("!#$%&'*+-.^_`|~");

  private PlainRead() {}

  private static boolean[] allowed(String others) {
    var allowed = new boolean[256];
    for (char c = '0'; c <= 'z'; c++) {
      allowed[c] = Character.isLetterOrDigit(c);
    }
    others.chars().forEach(c -> allowed[c] = true);
    return allowed;
  }

  /** Whether only the head is wanted, if such a request begins at the buffer's position. */
  static boolean isHead(ByteBuffer buffer) {
    return has(buffer, buffer.position(), HEAD);
  }

  /**
   * The path if such a request begins at the buffer's position, which is moved behind it; else
   * null, and the buffer is as it was.
   */
  static @Nullable String take(ByteBuffer buffer) {
    int start = buffer.position();
    int path;
    if (has(buffer, start, GET)) {
      path = start + GET.length - 1;
    } else if (has(buffer, start, HEAD)) {
      path = start + HEAD.length - 1;
    } else {
      return null;
    }
    int end = path;
    while (end < buffer.limit() && IN_PATH[buffer.get(end) & 0xff]) {
      end++;
    }
    if (!has(buffer, end, VERSION)) {
      return null;
    }
    int after = headers(buffer, end + VERSION.length);
    if (after < 0) {
      return null;
    }
    var text = new byte[end - path];
    buffer.get(path, text);
    buffer.position(after);
    return new String(text, ISO_8859_1);
  }

  static boolean has(ByteBuffer buffer, int at, byte[] wanted) {
    if (buffer.limit() - at < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (buffer.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the empty line ends, if all lines before it are of harmless headers; else -1. */
  private static int headers(ByteBuffer buffer, int from) {
    boolean hasHost = false;
    int at = from;
    while (at + 1 < buffer.limit()) {
      if (buffer.get(at) == '\r') {
        return buffer.get(at + 1) == '\n' && hasHost ? at + 2 : -1;
      }
      int colon = at;
      while (colon < buffer.limit() && IN_NAME[buffer.get(colon) & 0xff]) {
        colon++;
      }
      if (colon == buffer.limit() || buffer.get(colon) != ':') {
        return -1;
      }
      int value = colon + 1;
      while (value < buffer.limit() && buffer.get(value) == ' ') {
        value++;
      }
      int end = endOfValue(buffer, value);
      if (end < 0) {
        return -1;
      }
      if (is(buffer, at, colon, HOST)) {
        // An odd one, or two of them, are for Jetty to judge.
        if (hasHost || !isHost(buffer, value, end)) {
          return -1;
        }
        hasHost = true;
      } else if (!isHarmless(buffer, at, colon, value, end)) {
        return -1;
      }
      at = end + 2;
    }
    return -1;
  }

  /** Whether it may be a host's name or address with a port or without; an empty one is none. */
  static boolean isHost(ByteBuffer buffer, int from, int to) {
    for (int at = from; at < to; at++) {
      if (!IN_HOST[buffer.get(at) & 0xff]) {
        return false;
      }
    }
    return from < to;
  }

  static boolean isHarmless(ByteBuffer buffer, int name, int colon, int value, int end) {
    return is(buffer, name, colon, USER_AGENT)
        || begins(buffer, name, colon, ACCEPT)
        || (is(buffer, name, colon, CONNECTION) && is(buffer, value, end, KEEP_ALIVE));
  }

  /** Where the line end after a value begins; -1 when it is incomplete or has other than text. */
  static int endOfValue(ByteBuffer buffer, int from) {
    for (int at = from; at + 1 < buffer.limit(); at++) {
      byte b = buffer.get(at);
      if ((b >= 0 && b < ' ') || b == 0x7f) {
        return b == '\r' && buffer.get(at + 1) == '\n' ? at : -1;
      }
    }
    return -1;
  }

  static boolean is(ByteBuffer buffer, int from, int to, byte[] lowerCase) {
    return to - from == lowerCase.length && begins(buffer, from, to, lowerCase);
  }

  static boolean begins(ByteBuffer buffer, int from, int to, byte[] lowerCase) {
    if (to - from < lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte b = buffer.get(from + i);
      if ((b >= 'A' && b <= 'Z' ? b + 0x20 : b) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }
}
