package io.hayloft.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tracker's answer to one request, always one line.
 *
 * <pre>
 *   OK SP [pairs] CRLF
 *   ERR SP code SP text [SP callid] CRLF
 * </pre>
 *
 * <p>{@code OK} is followed by a blank even when nothing follows: clients split there.
 */
public sealed interface Reply {

  /** The line to send, end-of-line included. */
  String line(Optional<String> callid);

  /** A success with its pairs, in the order they are sent. */
  record Ok(List<Pair> pairs) implements Reply {

    public Ok {
      pairs = List.copyOf(pairs);
    }

    /** The pairs by name. */
    public Map<String, String> values() {
      var values = new LinkedHashMap<String, String>();
      pairs.forEach(pair -> values.put(pair.name(), pair.value()));
      return values;
    }

    @Override
    public String line(Optional<String> callid) {
      var out = new StringBuilder("OK ");
      for (var pair : pairs) {
        append(out, pair.name(), pair.value());
      }
      callid.ifPresent(id -> append(out, "callid", id));
      return out.append("\r\n").toString();
    }

    private static void append(StringBuilder out, String name, String value) {
      if (out.length() > 3) {
        out.append('&');
      }
      out.append(WireText.escape(name)).append('=').append(WireText.escape(value));
    }
  }

  /**
   * A success whose pairs are written already, as they go out, because they are many.
   *
   * @param pairs at least one, without a callid
   */
  record Written(String pairs) implements Reply {

    @Override
    public String line(Optional<String> callid) {
      return "OK " + pairs + callid.map(id -> "&callid=" + WireText.escape(id)).orElse("") + "\r\n";
    }
  }

  /**
   * A refusal.
   *
   * @param code the word clients decide by; other servers know words that {@link ErrorCode} does
   *     not
   * @param text one sentence for people; never empty on the wire
   */
  record Err(String code, String text) implements Reply {

    public Err {
      if (code.isEmpty() || !code.chars().allMatch(Err::isWord)) {
        throw new IllegalArgumentException("the code of a refusal is one word, not: " + code);
      }
      if (text.isEmpty()) {
        text = code;
      }
    }

    private static boolean isWord(int c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    @Override
    public String line(Optional<String> callid) {
      return "ERR "
          + code
          + " "
          + WireText.escape(text)
          + callid.map(id -> " " + WireText.escape(id)).orElse("")
          + "\r\n";
    }
  }

  /** One name and value; a value that is not known goes out empty, the {@code =} always. */
  record Pair(String name, String value) {}

  static Builder ok() {
    return new Builder();
  }

  static Err err(ErrorCode code) {
    return new Err(code.wire(), code.text());
  }

  static Err err(ErrorCode code, String text) {
    return new Err(code.wire(), text);
  }

  /**
   * Reads a reply line, with or without its end. Between {@code OK} and the pairs very old servers
   * put a number, which says nothing.
   *
   * @throws MalformedReplyException when it is neither an OK nor an ERR
   */
  static Reply parse(String line) {
    var body = stripEnd(line);
    if (body.equals("OK") || body.startsWith("OK ")) {
      var pairs = new ArrayList<Pair>();
      Arguments.parse(payload(body))
          .values()
          .forEach((name, value) -> pairs.add(new Pair(name, value)));
      return new Ok(pairs);
    }
    if (body.startsWith("ERR ")) {
      var words = body.substring(4).split(" ", 3);
      try {
        return new Err(words[0], words.length > 1 ? WireText.unescape(words[1]) : "");
      } catch (IllegalArgumentException notACode) {
        throw new MalformedReplyException(body);
      }
    }
    throw new MalformedReplyException(body);
  }

  /** The pairs of a success, still encoded. No pair's name begins with a digit. */
  private static String payload(String body) {
    int start = skipBlanks(body, 2);
    int digits = start;
    while (digits < body.length() && body.charAt(digits) >= '0' && body.charAt(digits) <= '9') {
      digits++;
    }
    if (digits > start && (digits == body.length() || body.charAt(digits) == ' ')) {
      start = skipBlanks(body, digits);
    }
    return body.substring(start);
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  /** The callid that an answer to a request with one carries. */
  static Optional<String> callidOf(String line) {
    var body = stripEnd(line);
    if (body.startsWith("ERR ")) {
      var words = body.split(" ", 4);
      return words.length == 4 ? Optional.of(WireText.unescape(words[3])) : Optional.empty();
    }
    return body.startsWith("OK ") ? Arguments.parse(payload(body)).get("callid") : Optional.empty();
  }

  private static String stripEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }

  /** Collects the pairs of a success. */
  final class Builder {
    private final List<Pair> pairs = new ArrayList<>();

    public Builder with(String name, String value) {
      pairs.add(new Pair(name, value));
      return this;
    }

    public Builder with(String name, long value) {
      return with(name, Long.toString(value));
    }

    /** A value that may not be known: it goes out as an empty one. */
    public Builder with(String name, Optional<?> value) {
      return with(name, value.map(Object::toString).orElse(""));
    }

    public Ok build() {
      return new Ok(pairs);
    }
  }
}
