package io.hayloft.client.net;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The status line and headers of a storage node's answer.
 *
 * @param headers by name in lower case; of a repeated one the first counts
 */
record ReplyHead(String version, int status, Map<String, String> headers) {

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/(1\\.[01]) ([1-5][0-9]{2})( .*)?");

  ReplyHead {
    headers = Map.copyOf(headers);
  }

  static ReplyHead parse(List<String> lines) throws IOException {
    var matcher = STATUS_LINE.matcher(lines.get(0));
    if (!matcher.matches()) {
      throw new IOException("not an HTTP answer: " + lines.get(0));
    }
    var headers = new HashMap<String, String>();
    for (var line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not an HTTP header: " + line);
      }
      var name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      var value = line.substring(colon + 1).strip();
      var earlier = headers.putIfAbsent(name, value);
      if (earlier != null && !earlier.equals(value) && name.equals("content-length")) {
        throw new IOException("two different lengths: " + earlier + " and " + value);
      }
    }
    return new ReplyHead(matcher.group(1), Integer.parseInt(matcher.group(2)), headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The length the node announces; empty when it does not or when it makes no sense. */
  OptionalLong contentLength() throws IOException {
    var text = headers.get("content-length");
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new IOException("not a length: " + text);
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  boolean chunked() {
    return header("transfer-encoding").map(v -> v.equalsIgnoreCase("chunked")).orElse(false);
  }

  /** Whether the connection may carry another request once this answer has been read. */
  boolean keepsAlive() {
    var connection = header("connection").orElse("").toLowerCase(Locale.ROOT);
    return version.equals("1.1")
        ? !connection.contains("close")
        : connection.contains("keep-alive");
  }

  boolean interim() {
    return status < 200;
  }

  boolean bodiless() {
    return status == 204 || status == 304;
  }
}
