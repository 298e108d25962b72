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
public final class Arguments {

  public static final Arguments NONE = new Arguments(Map.of());

  private final Map<String, String> values;

  public Arguments(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  private Arguments(Own own) {
    this.values = Collections.unmodifiableMap(own.values);
  }

  /** A map that nobody else has, so that it need not be copied. */
  private record Own(Map<String, String> values) {}

  /** Reads {@code a=1&b=2}. What follows a second {@code =} in a pair is dropped. */
  public static Arguments parse(String encoded) {
    if (encoded.isEmpty()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, String>();
    int start = 0;
    while (start <= encoded.length()) {
      int next = encoded.indexOf('&', start);
      int end = next < 0 ? encoded.length() : next;
      if (isTruePart(encoded, start, end)) {
        int equals = indexOfEquals(encoded, start, end);
        int second = equals < end ? indexOfEquals(encoded, equals + 1, end) : end;
        var value = equals < end ? encoded.substring(equals + 1, second) : "";
        values.put(WireText.unescape(encoded.substring(start, equals)), WireText.unescape(value));
      }
      start = end + 1;
    }
    return new Arguments(new Own(values));
  }

  private static boolean isTruePart(String text, int start, int end) {
    return end > start + 1 || (end > start && text.charAt(start) != '0');
  }

  /** Where the next {@code =} is; the end where there is none. */
  private static int indexOfEquals(String text, int start, int end) {
    int at = start;
    while (at < end && text.charAt(at) != '=') {
      at++;
    }
    return at;
  }

  /** All names and values, in the order they came. */
  public Map<String, String> values() {
    return values;
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
    var more = new LinkedHashMap<String, String>(values);
    more.put(name, value);
    return new Arguments(new Own(more));
  }

  /** These arguments without one of them. */
  public Arguments without(String name) {
    var fewer = new LinkedHashMap<String, String>(values);
    fewer.remove(name);
    return new Arguments(new Own(fewer));
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Arguments that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return "Arguments[values=" + values + "]";
  }
}
