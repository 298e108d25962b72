package io.hayloft.node.http;

import java.util.regex.Pattern;

/** Which bytes of a file a {@code Range} header asks for. */
sealed interface ByteRange {

  /** All of them: there is no range, or one that a server may ignore. */
  record Whole() implements ByteRange {}

  /**
   * A part that exists.
   *
   * @param length in bytes, at least 1
   */
  record Part(long from, long length) implements ByteRange {}

  /** None of the bytes asked for exists. */
  record Unsatisfiable() implements ByteRange {}

  Pattern SINGLE =
      Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

  /**
   * Reads the header as RFC 9110 has it. Several ranges and malformed ones are answered with the
   * whole file, which the RFC allows.
   */
  static ByteRange parse(String header, long size) {
    var matcher = SINGLE.matcher(header);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return new Whole();
    }
    if (matcher.group(1).isEmpty()) {
      long last = Math.min(Long.parseLong(matcher.group(2)), size);
      return last == 0 ? new Unsatisfiable() : new Part(size - last, last);
    }
    long from = Long.parseLong(matcher.group(1));
    long to = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
    if (to < from) {
      return new Whole();
    }
    if (from >= size) {
      return new Unsatisfiable();
    }
    return new Part(from, Math.min(to, size - 1) - from + 1);
  }
}
