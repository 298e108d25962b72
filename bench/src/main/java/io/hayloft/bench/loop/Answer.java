package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * An answer as it came: a line of a tracker without its end, or all bytes of an answer in HTTP. It
 * is looked at in place and only for what is needed; after the look its bytes are others'.
 */
public final class Answer {

  private static final int SHOWN = 300;
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final byte[] OK = bytes("OK");

  private byte[] bytes = {};
  private int from;
  private int to;
  private long body;

  Answer() {}

  /** Text as it is on the wire. */
  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  void set(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  public int length() {
    return to - from;
  }

  void body(long length) {
    body = length;
  }

  /** How many bytes followed the head of an answer in HTTP, be they kept or not. */
  public long bodyLength() {
    return body;
  }

  /** For copying parts of it, from the places that {@link #field} and {@link #end} tell. */
  public byte[] raw() {
    return bytes;
  }

  /** Whether a tracker says that it did what it was asked for. */
  public boolean isOk() {
    return beginsWith(OK) && (length() == OK.length || bytes[from + OK.length] == ' ');
  }

  public boolean beginsWith(byte[] text) {
    return isAt(from, text);
  }

  private boolean isAt(int place, byte[] text) {
    return place + text.length <= to
        && Arrays.equals(bytes, place, place + text.length, text, 0, text.length);
  }

  /** Where a text begins, at {@code place} or behind; -1 if it is not there. */
  public int find(byte[] text, int place) {
    byte first = text[0];
    for (int at = place; at <= to - text.length; at++) {
      if (bytes[at] == first && isAt(at, text)) {
        return at;
      }
    }
    return -1;
  }

  public int begin() {
    return from;
  }

  /**
   * Where a field's value begins in a tracker's line.
   *
   * @param name with the equals sign behind
   * @throws IllegalStateException when there is no such field
   */
  public int field(byte[] name) {
    for (int at = find(name, from); at >= 0; at = find(name, at + 1)) {
      byte before = at == from ? (byte) '&' : bytes[at - 1];
      if (before == '&' || before == ' ') {
        return at + name.length;
      }
    }
    throw wrong("no field " + new String(name, ISO_8859_1));
  }

  /** Where a value ends that begins there. */
  public int end(int begin) {
    int at = begin;
    while (at < to && bytes[at] != '&') {
      at++;
    }
    return at;
  }

  /**
   * A field that is a number.
   *
   * @throws IllegalStateException when it is none
   */
  public long number(byte[] name) {
    int begin = field(name);
    int end = end(begin);
    if (begin == end) {
      throw wrong("an empty number");
    }
    long number = 0;
    for (int at = begin; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw wrong("not a number");
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** The status of an answer in HTTP; -1 when it is none. */
  public int status() {
    if (length() < STATUS_AT + 3) {
      return -1;
    }
    int status = 0;
    for (int at = from + STATUS_AT; at < from + STATUS_AT + 3; at++) {
      status = status * 10 + bytes[at] - '0';
    }
    return status;
  }

  /** All of it. */
  public String text() {
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  /** What a wrong answer is thrown as: a wrong result has no speed. */
  public IllegalStateException wrong(String why) {
    return new IllegalStateException("a wrong answer (" + why + "): " + this);
  }

  @Override
  public String toString() {
    int shown = Math.min(length(), SHOWN);
    return new String(bytes, from, shown, ISO_8859_1) + (shown < length() ? "..." : "");
  }
}
