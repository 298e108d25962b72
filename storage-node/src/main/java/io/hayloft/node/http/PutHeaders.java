package io.hayloft.node.http;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * What a PUT says about its body.
 *
 * @param md5 the digest that the body must have
 * @param range where in the file the body goes, if it is not the whole of it
 */
record PutHeaders(Optional<byte[]> md5, Optional<Range> range) {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  record Range(long from, long length) {}

  /** What was read of the headers, or why they make no sense. */
  sealed interface Read {
    record Understood(PutHeaders headers) implements Read {}

    record Malformed(String reason) implements Read {}
  }

  static Read read(HttpFields headers) {
    var md5Text = headers.get(HttpHeader.CONTENT_MD5);
    var md5 = md5Text == null ? Optional.<byte[]>empty() : md5(md5Text);
    if (md5Text != null && md5.isEmpty()) {
      return new Read.Malformed("Content-MD5 is not the base64 of 16 bytes.");
    }
    var rangeText = headers.get(HttpHeader.CONTENT_RANGE);
    var range = rangeText == null ? Optional.<Range>empty() : range(rangeText.trim());
    if (rangeText != null && range.isEmpty()) {
      return new Read.Malformed("Content-Range is not of the form 'bytes FIRST-LAST/SIZE'.");
    }
    return new Read.Understood(new PutHeaders(md5, range));
  }

  /** Padding is optional, as with the original. */
  private static Optional<byte[]> md5(String text) {
    try {
      var digest = Base64.getDecoder().decode(text.trim());
      return digest.length == 16 ? Optional.of(digest) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<Range> range(String text) {
    var matcher = CONTENT_RANGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    boolean withinSize = matcher.group(3).equals("*") || last < Long.parseLong(matcher.group(3));
    return first <= last && withinSize
        ? Optional.of(new Range(first, last - first + 1))
        : Optional.empty();
  }
}
