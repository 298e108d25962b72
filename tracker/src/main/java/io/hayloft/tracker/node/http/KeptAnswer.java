package io.hayloft.tracker.node.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the usual answer to a HEAD: 200, one Content-Length, nothing about the connection. All
 * else, right or wrong, is somebody else's to read.
 */
final class KeptAnswer {

  private static final String OK = "HTTP/1.1 200 ";
  private static final String END = "\r\n\r\n";
  private static final String LENGTH = "content-length:";

  /** What a length can have without being too large for a number. */
  private static final int MOST_DIGITS = 18;

  private KeptAnswer() {}

  /**
   * What has come so far.
   *
   * @param length of the file; empty when it is no usual answer
   */
  record Head(OptionalLong length) {}

  /** Empty while the end of the head has not come. */
  static Optional<Head> read(byte[] bytes, int count) {
    var text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(END);
    if (end < 0) {
      return Optional.empty();
    }
    // What comes behind it belongs to no question.
    boolean isAll = end + END.length() == count;
    return Optional.of(
        new Head(isAll && text.startsWith(OK) ? length(text, end) : OptionalLong.empty()));
  }

  private static OptionalLong length(String text, int end) {
    var length = OptionalLong.empty();
    for (int from = text.indexOf("\r\n"); from >= 0 && from < end; ) {
      int line = from + 2;
      from = text.indexOf("\r\n", line);
      if (startsWith(text, line, "connection:") || startsWith(text, line, "transfer-encoding:")) {
        return OptionalLong.empty();
      }
      if (startsWith(text, line, LENGTH)) {
        if (length.isPresent()) {
          return OptionalLong.empty();
        }
        length = number(text.substring(line + LENGTH.length(), from).strip());
        if (length.isEmpty()) {
          return OptionalLong.empty();
        }
      }
    }
    return length;
  }

  private static boolean startsWith(String text, int at, String name) {
    return text.regionMatches(true, at, name, 0, name.length());
  }

  private static OptionalLong number(String digits) {
    boolean isOne =
        !digits.isEmpty()
            && digits.length() <= MOST_DIGITS
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return isOne ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }
}
