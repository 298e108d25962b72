package io.hayloft.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests that once were, or could be, of interest, kept as files. An entry begins with a line
 * {@code # why | what is expected}; its lines are ended by CRLF each, and {@code \xNN} is a byte.
 */
// Entries are sent, never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Corpus(String why, String expected, byte[] bytes) {

  private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");

  public static List<Corpus> read(String resource) {
    try (var in = Corpus.class.getResourceAsStream("/fuzz/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("no corpus " + resource);
      }
      return parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Corpus> parse(String text) {
    var entries = new ArrayList<Corpus>();
    for (var entry : text.split("(?m)^# ")) {
      if (!entry.isBlank()) {
        int end = entry.indexOf('\n');
        var title = entry.substring(0, end).split("\\|", 2);
        entries.add(
            new Corpus(title[0].strip(), title[1].strip(), bytes(entry.substring(end + 1))));
      }
    }
    return entries;
  }

  private static byte[] bytes(String lines) {
    return unescape(lines.replace("\n", "\r\n")).getBytes(ISO_8859_1);
  }

  /** The text with a char for each {@code \xNN}. */
  public static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 16))));
  }

  @Override
  public String toString() {
    return why;
  }
}
