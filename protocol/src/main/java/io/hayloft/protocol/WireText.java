package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The escaping of names and values in requests and replies, one char per byte on both sides.
 *
 * <p>Which bytes stay as they are is load-bearing: some clients use {@code path_1} without decoding
 * it, so {@code /}, {@code :} and {@code .} must go out raw, which the escaping of HTML forms would
 * not do.
 */
public final class WireText {

  private static final String HEX = "0123456789ABCDEF";
  private static final boolean[] RAW = new boolean[256];

  static {
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      RAW[c] = alphanumeric || "_,-./\\:".indexOf(c) >= 0;
    }
  }

  private WireText() {}

  /**
   * Escapes all but {@code A-Z a-z 0-9 _ , - . / \ :} as {@code %HH} in upper case; a blank becomes
   * {@code +}.
   */
  public static String escape(String bytes) {
    int first = firstEscaped(bytes);
    if (first < 0) {
      return bytes;
    }
    var out = new StringBuilder(bytes.length() + 16).append(bytes, 0, first);
    for (int i = first; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c > 255) {
        throw notAByte(bytes, i);
      }
      if (RAW[c]) {
        out.append(c);
      } else if (c == ' ') {
        out.append('+');
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  /**
   * Escapes bytes as {@link #escape(String)} does.
   *
   * @param escaped has room for three bytes for each
   * @param at where they begin
   * @return where they end
   */
  static int escape(byte[] bytes, byte[] escaped, int at) {
    int end = at;
    for (byte each : bytes) {
      end = escape(each & 0xFF, escaped, end);
    }
    return end;
  }

  /** As {@link #escape(byte[], byte[], int)}. */
  static int escape(String bytes, byte[] escaped, int at) {
    int end = at;
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c > 255) {
        throw notAByte(bytes, i);
      }
      end = escape(c, escaped, end);
    }
    return end;
  }

  private static int escape(int c, byte[] escaped, int at) {
    int end = at;
    if (RAW[c]) {
      escaped[end++] = (byte) c;
    } else if (c == ' ') {
      escaped[end++] = '+';
    } else {
      escaped[end++] = '%';
      escaped[end++] = (byte) HEX.charAt(c >> 4);
      escaped[end++] = (byte) HEX.charAt(c & 15);
    }
    return end;
  }

  private static IllegalArgumentException notAByte(String bytes, int index) {
    return new IllegalArgumentException("not a byte at index " + index + " of " + bytes);
  }

  private static int firstEscaped(String bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c > 255 || !RAW[c]) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Undoes {@link #escape} and what other clients send: {@code +} is a blank, {@code %HH} in either
   * case a byte; a malformed {@code %} stays as it is.
   */
  public static String unescape(String escaped) {
    if (escaped.indexOf('%') < 0 && escaped.indexOf('+') < 0) {
      return escaped;
    }
    var out = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '+') {
        out.append(' ');
      } else if (c == '%' && i + 2 < escaped.length() && hexPair(escaped, i + 1) >= 0) {
        out.append((char) hexPair(escaped, i + 1));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int hexPair(String text, int at) {
    int high = hexDigit(text.charAt(at));
    int low = hexDigit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** ASCII digits only: {@link Character#digit} would also take those of other scripts. */
  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** The wire form, one char per UTF-8 byte, of a text for people such as a host's name. */
  public static String ofText(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** The text for people behind a wire form; bytes that are not UTF-8 become replacement marks. */
  public static String toText(String wire) {
    return new String(wire.getBytes(ISO_8859_1), UTF_8);
  }
}
