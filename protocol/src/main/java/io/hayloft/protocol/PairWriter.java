package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * Writes the pairs of an answer byte by byte, as they go out: for answers that are long or asked
 * for most often. With a thousand keys a text for each name, each value and both of them escaped
 * costs three times as much as all that this does.
 */
public final class PairWriter {

  private static final int LONGEST_NUMBER = 20;

  private byte[] bytes;
  private int size;

  /**
   * @param expected how many bytes it will be, about
   */
  public PairWriter(int expected) {
    this.bytes = new byte[Math.max(64, expected)];
  }

  public PairWriter with(String name, long value) {
    name(name, 0);
    text(Long.toString(value));
    return this;
  }

  public PairWriter with(String name, byte[] value) {
    name(name, 3 * value.length);
    size = WireText.escape(value, bytes, size);
    return this;
  }

  /**
   * As {@link #with(String, byte[])}, with a number at the end of the name.
   *
   * @param number 1 or more
   */
  public PairWriter with(String name, int number, byte[] value) {
    name(name, number, 3 * value.length);
    size = WireText.escape(value, bytes, size);
    return this;
  }

  /**
   * The same with a text of one char for each byte.
   *
   * @param number 1 or more
   */
  public PairWriter with(String name, int number, String value) {
    name(name, number, 3 * value.length());
    size = WireText.escape(value, bytes, size);
    return this;
  }

  /** The answer. */
  public Reply.Written build() {
    return new Reply.Written(new String(bytes, 0, size, ISO_8859_1));
  }

  /** A name as it is: those of answers need no escaping. */
  private void name(String name, int valueBytes) {
    room(name.length() + 2 + LONGEST_NUMBER + valueBytes);
    separate();
    text(name);
    bytes[size++] = '=';
  }

  private void name(String name, int number, int valueBytes) {
    room(name.length() + 2 + LONGEST_NUMBER + valueBytes);
    separate();
    text(name);
    number(number);
    bytes[size++] = '=';
  }

  private void separate() {
    if (size > 0) {
      bytes[size++] = '&';
    }
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  private void number(int number) {
    if (number >= 10) {
      number(number / 10);
    }
    bytes[size++] = (byte) ('0' + number % 10);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
