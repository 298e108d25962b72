package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads lines of access logs: the common log format and the combined one, lines of four words, and
 * objects in JSON. Each line is told by its looks, so that a log may have been put together from
 * several.
 *
 * <h2>Common and combined</h2>
 *
 * <p>{@code host ident user [10/Oct/2000:13:55:36 -0700] "GET /key HTTP/1.1" 200 2326}, and
 * anything behind. The key is the path without its first slash and without a query. What was
 * answered 2xx or 304 was found, 404 and 410 was not; all other answers say nothing of files, and
 * are passed over, as other methods are. Of an upload the number is the length of the answer, so
 * its size is not known.
 *
 * <h2>Four words</h2>
 *
 * <p>{@code time method key size}: seconds with a fraction, since 1970 or any other moment, or a
 * time as in {@code 2026-01-31T12:00:00.250Z}; the key escaped as in URLs; the size in bytes, or
 * {@code -} where it is not known, or {@code missing} where there was no such file. What begins
 * with a {@code #} is a remark.
 *
 * <h2>JSON</h2>
 *
 * <p>The same as {@code {"time": …, "method": …, "key": …, "size": …}}; the key as it is, {@code
 * "found": false} where there was no such file.
 */
final class LineFormat {

  private static final Pattern COMMON =
      Pattern.compile(
          "\\S+ \\S+ \\S+ \\[([^\\]]{20,40})\\] \"(\\S+) (\\S+)[^\"]*\" (\\d{3}) (\\d+|-)(?: .*)?");
  private static final DateTimeFormatter COMMON_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(?:\\.\\d{1,9})?");
  private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private LineFormat() {}

  /**
   * What a line tells of.
   *
   * @return empty when it is none of the accesses that can be repeated
   * @throws IllegalArgumentException with a sentence about what is wrong with the line
   */
  static Optional<Access> read(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return Optional.empty();
    }
    if (line.startsWith("{")) {
      return json(line);
    }
    return line.indexOf('[') > 0 && line.indexOf('"') > 0 ? common(line) : words(line);
  }

  private static Optional<Access> common(String line) {
    var parts = COMMON.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "not host ident user [time] \"method path protocol\" status bytes");
    }
    int status = Integer.parseInt(parts.group(4));
    boolean found = status / 100 == 2 || status == 304;
    var method = method(parts.group(2));
    if (method.isEmpty() || !(found || status == 404 || status == 410)) {
      return Optional.empty();
    }
    var path = parts.group(3).replaceFirst("[?#].*", "").replaceFirst("^https?://[^/]*", "");
    var key = unescaped(path.replaceFirst("^/", ""));
    if (key.isEmpty()) {
      return Optional.empty();
    }
    boolean told = method.get() == Method.GET && status == 200 && !parts.group(5).equals("-");
    long size = told ? number(parts.group(5)) : Access.UNKNOWN;
    // Of what was not sent again only the look remains.
    var what = status == 304 ? Method.HEAD : method.get();
    return Optional.of(new Access(commonTime(parts.group(1)), what, key, size, found, SECOND));
  }

  private static Duration commonTime(String text) {
    try {
      return sinceEpoch(OffsetDateTime.parse(text, COMMON_TIME).toInstant());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time: " + text, e);
    }
  }

  private static Optional<Access> words(String line) {
    var words = BLANKS.split(line.strip());
    if (words.length != 4) {
      throw new IllegalArgumentException("not the four words: time method key size");
    }
    boolean found = !words[3].equals("missing");
    long size = found && !words[3].equals("-") ? number(words[3]) : Access.UNKNOWN;
    return access(words[0], words[1], unescaped(words[2]), size, found);
  }

  private static Optional<Access> json(String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    for (var field : new String[] {"time", "method", "key"}) {
      if (!node.path(field).isValueNode()) {
        throw new IllegalArgumentException("no field \"" + field + "\"");
      }
    }
    var size = node.path("size");
    if (!size.isMissingNode() && !size.isNull() && !size.canConvertToLong()) {
      throw new IllegalArgumentException("not a size: " + size);
    }
    return access(
        node.path("time").asText(),
        node.path("method").asText(),
        node.path("key").asText(),
        size.isNumber() ? size.asLong() : Access.UNKNOWN,
        node.path("found").asBoolean(true));
  }

  private static Optional<Access> access(
      String time, String word, String key, long size, boolean found) {
    var at = time(time);
    return method(word).map(method -> new Access(at, method, key, size, found, Duration.ZERO));
  }

  private static Duration time(String text) {
    if (SECONDS.matcher(text).matches()) {
      int point = text.indexOf('.');
      var whole = point < 0 ? text : text.substring(0, point);
      var fraction = point < 0 ? "" : text.substring(point + 1);
      return Duration.ofSeconds(
          Long.parseLong(whole), Long.parseLong((fraction + "000000000").substring(0, 9)));
    }
    try {
      return sinceEpoch(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time: " + text, e);
    }
  }

  private static Duration sinceEpoch(Instant instant) {
    return Duration.between(Instant.EPOCH, instant);
  }

  private static Optional<Method> method(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "GET" -> Optional.of(Method.GET);
      case "HEAD" -> Optional.of(Method.HEAD);
      case "PUT", "POST" -> Optional.of(Method.PUT);
      case "DELETE" -> Optional.of(Method.DELETE);
      default -> Optional.empty();
    };
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a size: " + text, e);
    }
  }

  private static String unescaped(String text) {
    try {
      // A plus is a plus in a path.
      return URLDecoder.decode(text.replace("+", "%2B"), ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not escaped as in URLs: " + text, e);
    }
  }
}
