package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * Recognises the upload that nearly all are, as {@link PlainRead} does the read: {@code PUT} of a
 * file by a path without anything to decode, by HTTP/1.1, its length told, whole and with nothing
 * in its headers that asks for more than to store it. Whatever is in any way unusual or wrong is
 * none.
 */
final class PlainPut {

  private static final byte[] METHOD = "PUT /".getBytes(ISO_8859_1);
  private static final byte[] CONTENT_TYPE = "content-type".getBytes(ISO_8859_1);
  private static final byte[] CONTENT_LENGTH = "content-length".getBytes(ISO_8859_1);

  /** Longer numbers are of no small file. */
  private static final int DIGITS = 7;

  private PlainPut() {}

  /** What a buffer holds. */
  sealed interface Seen {
    /** Not such a request, or not the whole of its head. */
    record Other() implements Seen {}

    /** The head of one whose body has not all come, but will fit the buffer. */
    record Part() implements Seen {}

    /**
     * One, with its body.
     *
     * @param from where in the buffer the body begins
     * @param to where it ends
     */
    record Whole(String path, int from, int to) implements Seen {}
  }

  private static final Seen OTHER = new Seen.Other();
  private static final Seen PART = new Seen.Part();

  /** Looks at what begins at the buffer's position; the buffer stays as it is. */
  static Seen look(ByteBuffer buffer) {
    int start = buffer.position();
    if (!PlainRead.has(buffer, start, METHOD)) {
      return OTHER;
    }
    int path = start + METHOD.length - 1;
    int end = path;
    while (end < buffer.limit() && PlainRead.IN_PATH[buffer.get(end) & 0xff]) {
      end++;
    }
    if (!PlainRead.has(buffer, end, PlainRead.VERSION)) {
      return OTHER;
    }
    var head = new Head();
    int from = head.read(buffer, end + PlainRead.VERSION.length);
    if (from < 0 || head.length > buffer.capacity() - (from - start)) {
      return OTHER;
    }
    if (head.length > buffer.limit() - from) {
      return PART;
    }
    var text = new byte[end - path];
    buffer.get(path, text);
    return new Seen.Whole(new String(text, ISO_8859_1), from, from + head.length);
  }

  /** The lines after the first. */
  private static final class Head {
    private boolean hasHost;
    private int length = -1;

    /** Where the empty line ends, if all lines before it are of harmless headers; else -1. */
    private int read(ByteBuffer buffer, int from) {
      int at = from;
      while (at + 1 < buffer.limit()) {
        if (buffer.get(at) == '\r') {
          return buffer.get(at + 1) == '\n' && hasHost && length > 0 ? at + 2 : -1;
        }
        int colon = at;
        while (colon < buffer.limit() && PlainRead.IN_NAME[buffer.get(colon) & 0xff]) {
          colon++;
        }
        if (colon == buffer.limit() || buffer.get(colon) != ':') {
          return -1;
        }
        int value = colon + 1;
        while (value < buffer.limit() && buffer.get(value) == ' ') {
          value++;
        }
        int end = PlainRead.endOfValue(buffer, value);
        if (end < 0 || !take(buffer, at, colon, value, end)) {
          return -1;
        }
        at = end + 2;
      }
      return -1;
    }

    /** An odd one, or two of them, are for Jetty to judge. */
    private boolean take(ByteBuffer buffer, int name, int colon, int value, int end) {
      if (PlainRead.is(buffer, name, colon, PlainRead.HOST)) {
        boolean first = !hasHost && PlainRead.isHost(buffer, value, end);
        hasHost = true;
        return first;
      }
      if (PlainRead.is(buffer, name, colon, CONTENT_LENGTH)) {
        boolean first = length < 0;
        length = number(buffer, value, end);
        return first && length > 0;
      }
      return PlainRead.is(buffer, name, colon, CONTENT_TYPE)
          || PlainRead.isHarmless(buffer, name, colon, value, end);
    }

    private static int number(ByteBuffer buffer, int from, int to) {
      if (to == from || to - from > DIGITS) {
        return -1;
      }
      int number = 0;
      for (int at = from; at < to; at++) {
        int digit = buffer.get(at) - '0';
        if (digit < 0 || digit > 9) {
          return -1;
        }
        number = 10 * number + digit;
      }
      return number;
    }
  }
}
