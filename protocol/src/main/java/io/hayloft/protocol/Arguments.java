package io.hayloft.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a request: names and values as bytes, decoded, in the order they came. Where a
 * name came twice the last value counts.
 *
 * <p>The protocol was born in Perl, and its idea of truth decides many checks: absent, empty and
 * exactly {@code 0} are false, all else ({@code 00}, {@code 0.0}, {@code false}) is true.
 */
public record Arguments(Map<String, String> values) {

  public static final Arguments NONE = new Arguments(Map.of());

  public Arguments {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Reads {@code a=1&b=2}. What follows a second {@code =} in a pair is dropped. */
  public static Arguments parse(String encoded) {
    if (encoded.isEmpty()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, String>();
    int start = 0;
    while (start <= encoded.length()) {
      int end = encoded.indexOf('&', start);
      if (end < 0) {
        end = encoded.length();
      }
      var piece = encoded.substring(start, end);
      if (isTrue(piece)) {
        int equals = piece.indexOf('=');
        int second = equals < 0 ? -1 : piece.indexOf('=', equals + 1);
        var name = equals < 0 ? piece : piece.substring(0, equals);
        var value =
            equals < 0 ? "" : piece.substring(equals + 1, second < 0 ? piece.length() : second);
        values.put(WireText.unescape(name), WireText.unescape(value));
      }
      start = end + 1;
    }
    return new Arguments(values);
  }

  /** True unless the text is empty or exactly {@code 0}. */
  public static boolean isTrue(String value) {
    return !value.isEmpty() && !value.equals("0");
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value, or empty text where there is none. */
  public String text(String name) {
    return values.getOrDefault(name, "");
  }

  public boolean isTrue(String name, boolean whenAbsent) {
    return has(name) ? isTrue(text(name)) : whenAbsent;
  }

  /** Whether the argument is there and true. */
  public boolean flag(String name) {
    return isTrue(text(name));
  }

  /**
   * The value as Perl reads a number: the longest leading integer, 0 where there is none; beyond
   * the range of a long, the nearest long.
   */
  public long number(String name) {
    return leadingInteger(text(name));
  }

  static long leadingInteger(String text) {
    int i = 0;
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    boolean negative = i < text.length() && text.charAt(i) == '-';
    if (negative || (i < text.length() && text.charAt(i) == '+')) {
      i++;
    }
    long value = 0;
    for (; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
      int digit = text.charAt(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** These arguments with one more, or with another value for one that is there. */
  public Arguments with(String name, String value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Arguments(more);
  }

  /** These arguments without one of them. */
  public Arguments without(String name) {
    var fewer = new LinkedHashMap<>(values);
    fewer.remove(name);
    return new Arguments(fewer);
  }

  /** The arguments as a request carries them. */
  public String encode() {
    var out = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (!out.isEmpty()) {
            out.append('&');
          }
          out.append(WireText.escape(name)).append('=').append(WireText.escape(value));
        });
    return out.toString();
  }
}
