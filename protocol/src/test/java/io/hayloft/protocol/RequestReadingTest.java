package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * {@link Request#parse} against a second reader that does the steps of the protocol's description
 * one after the other, in the plainest way there is.
 */
class RequestReadingTest {

  private static final Pattern LINE = Pattern.compile("(?s)\\s*(\\w*)\\s*(.*)");
  private static final Pattern BYTE = Pattern.compile("%([0-9a-fA-F]{2})");

  private static Request plainly(String line) {
    var matcher = LINE.matcher(line);
    assertThat(matcher.matches()).isTrue();
    var values = new LinkedHashMap<String, String>();
    for (var piece : matcher.group(2).split("&")) {
      if (!piece.isEmpty() && !piece.equals("0")) {
        var parts = piece.split("=", -1);
        values.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return new Request(matcher.group(1).toLowerCase(Locale.ROOT), new Arguments(values));
  }

  private static String decoded(String text) {
    var matcher = BYTE.matcher(text.replace('+', ' '));
    var out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, "");
      out.append((char) Integer.parseInt(matcher.group(1), 16));
    }
    return matcher.appendTail(out).toString();
  }

  @Property(tries = 5000)
  void everyLineIsReadAsTheProtocolSays(@ForAll("lines") String line) {
    assertThat(Request.parse(line)).isEqualTo(plainly(line));
  }

  @Property
  void everyRequestIsReadBack(
      @ForAll("words") String command, @ForAll("pairs") Map<String, String> pairs) {
    var request = new Request(command, new Arguments(pairs));

    assertThat(request.line()).matches("[a-z0-9_]+( [-A-Za-z0-9_,./\\\\:+%=&]*)?\r\n");
    assertThat(Request.parse(request.line().strip())).isEqualTo(request);
  }

  /** Mostly the bytes that mean something, so that they meet. */
  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of("&", "=", "+", "%", " ", "0", "a", "F", "%41", "%0a", "\t")),
            Tuple.of(2, Arbitraries.of("noop", "domain", "NOOP", "%%", "\0", "\u00ff", "\u000b")),
            Tuple.of(1, Arbitraries.chars().range('\0', '\u00ff').map(String::valueOf)))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars("abz09_").ofMinLength(1).ofMaxLength(12);
  }

  /** A pair that is just {@code 0} without a value is skipped; with {@code =} it is not. */
  @Provide
  Arbitrary<Map<String, String>> pairs() {
    var bytes = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(12);
    return Arbitraries.maps(bytes, bytes).ofMaxSize(5);
  }
}
