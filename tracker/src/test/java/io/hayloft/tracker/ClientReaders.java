package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replies as the known clients of MogileFS read them, each in its own way and none quite as the
 * protocol says. What a client needs of a reply fails here when it is not so; what a client gets
 * out of a reply must be what was meant.
 */
final class ClientReaders {

  private static final Pattern PERL_OK = Pattern.compile("OK\\s+\\d*\\s*(\\S*)");
  private static final Pattern PERL_ERR = Pattern.compile("ERR\\s+(\\w+)\\s*(\\S*)");
  private static final Pattern CODE_THAT_NAMES_A_CLASS = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern PATH = Pattern.compile("path(_?\\d+)?");
  private static final Pattern READ_PATH = Pattern.compile("path\\d+");
  private static final Pattern HEX = Pattern.compile("%(\\p{XDigit}{2})");

  private ClientReaders() {}

  /** A reply with its end, read by all of them. */
  static void readByAll(String raw) {
    var meant = Reply.parse(raw);
    perlAndRuby(raw, meant);
    pymogilefs(raw, meant);
    moji(raw, meant);
    pecl(raw, meant);
    nginx(raw, meant);
  }

  /** A pattern that lets a number come first; Ruby makes an exception's name of the code. */
  static void perlAndRuby(String raw, Reply meant) {
    switch (meant) {
      case Reply.Ok ok -> {
        var matcher = PERL_OK.matcher(raw);
        assertThat(matcher.lookingAt()).as("Perl: %s", raw).isTrue();
        var read = new LinkedHashMap<String, String>();
        for (var pair : pieces(matcher.group(1))) {
          var parts = pair.split("=", 2);
          read.put(unescaped(parts[0], true), parts.length > 1 ? unescaped(parts[1], true) : "");
        }
        assertThat(read).as("Perl: %s", raw).isEqualTo(ok.values());
      }
      case Reply.Written written -> throw new AssertionError("read as pairs, not as " + written);
      case Reply.Err err -> {
        var matcher = PERL_ERR.matcher(raw);
        assertThat(matcher.lookingAt()).as("Perl: %s", raw).isTrue();
        assertThat(matcher.group(1)).isEqualTo(err.code()).matches(CODE_THAT_NAMES_A_CLASS);
        assertThat(unescaped(matcher.group(2), true)).isEqualTo(err.text());
      }
    }
  }

  /** Splits where it expects something on both sides, and uses paths as they are. */
  static void pymogilefs(String raw, Reply meant) {
    assertThat(raw).endsWith("\r\n");
    var line = raw.substring(0, raw.length() - 2);
    assertThat(line).doesNotContain("\r", "\n");
    var words = line.split(" ", 2);
    assertThat(words).as("pymogilefs: %s", raw).hasSize(2);
    switch (meant) {
      case Reply.Ok ok -> {
        for (var pair : pieces(words[1])) {
          var parts = pair.split("=", -1);
          assertThat(parts).as("pymogilefs: %s", pair).hasSize(2);
          if (PATH.matcher(parts[0]).matches()) {
            assertThat(parts[1]).isEqualTo(ok.values().get(parts[0]));
          }
        }
      }
      case Reply.Written written -> throw new AssertionError("read as pairs, not as " + written);
      case Reply.Err err -> {
        var parts = words[1].split(" ", 2);
        assertThat(parts).as("pymogilefs: %s", raw).hasSize(2);
        assertThat(parts[0]).isEqualTo(err.code());
        assertThat(parts[1]).isNotEmpty();
      }
    }
  }

  /** Wants the blank; counts paths; takes an error about a class for one wherever it is named. */
  static void moji(String raw, Reply meant) {
    assertThat(raw.indexOf(' ')).as("moji: %s", raw).isPositive();
    switch (meant) {
      case Reply.Ok ok -> {
        var values = ok.values();
        if (values.containsKey("paths")) {
          long paths = values.keySet().stream().filter(READ_PATH.asMatchPredicate()).count();
          assertThat(values.get("paths")).as("moji: %s", raw).isEqualTo(Long.toString(paths));
        }
        for (var number : new String[] {"fid", "dev_count", "paths", "key_count"}) {
          assertThat(values.getOrDefault(number, "0")).as("moji: %s", raw).matches("\\d+");
        }
      }
      case Reply.Written written -> throw new AssertionError("read as pairs, not as " + written);
      case Reply.Err err -> {
        for (var code : new String[] {"unreg_class", "class_not_found"}) {
          assertThat(raw.contains(code)).as("moji: %s", raw).isEqualTo(err.code().equals(code));
        }
      }
    }
  }

  /** Takes two bytes off the end, whatever they are, and decodes all before it splits. */
  static void pecl(String raw, Reply meant) {
    var decoded = unescaped(raw.substring(0, raw.length() - 2), true);
    if (meant instanceof Reply.Ok ok) {
      assertThat(decoded).as("pecl: %s", raw).startsWith("OK ");
      checkPaths(decoded.substring(3), ok, false);
    } else {
      assertThat(decoded).as("pecl: %s", raw).startsWith("ERR ");
    }
  }

  /** Undoes percent signs and not plus signs; needs the CR. */
  static void nginx(String raw, Reply meant) {
    assertThat(raw).endsWith("\r\n");
    if (meant instanceof Reply.Ok ok) {
      checkPaths(raw.substring(3, raw.length() - 2), ok, true);
    }
  }

  private static void checkPaths(String pairs, Reply.Ok meant, boolean encoded) {
    for (var pair : pieces(pairs)) {
      int equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      if (PATH.matcher(name).matches()) {
        var value = pair.substring(equals + 1);
        assertThat(encoded ? unescaped(value, false) : value).isEqualTo(meant.values().get(name));
      }
    }
  }

  private static String[] pieces(String pairs) {
    return pairs.isEmpty() ? new String[0] : pairs.split("&");
  }

  private static String unescaped(String text, boolean plusIsBlank) {
    return HEX.matcher(plusIsBlank ? text.replace('+', ' ') : text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }
}
