package io.hayloft.client.net;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A storage node's answer. Its body must be read to the end or closed; only then is the connection
 * free.
 *
 * @param length of the body, where the node says so
 * @param span which bytes of the file the body is, for an answer 206 that says so
 */
public record NodeReply(int status, OptionalLong length, Optional<Span> span, BodyStream body)
    implements Closeable {

  private static final int MAX_DRAINED = 16 * 1024;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  /**
   * Part of a file.
   *
   * @param last the last byte's position, counted from 0
   * @param total the length of the whole file, where known
   */
  public record Span(long first, long last, OptionalLong total) {

    static Optional<Span> parse(String contentRange) {
      var matcher = CONTENT_RANGE.matcher(contentRange);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var total = matcher.group(3);
      return Optional.of(
          new Span(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              total.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(total))));
    }
  }

  public boolean success() {
    return status / 100 == 2;
  }

  /** Reads what is left of the body, if it is not much, so that the connection can be kept. */
  public void drain() {
    try {
      body.readNBytes(MAX_DRAINED);
    } catch (IOException unimportant) {
      // The status has been read; what was said beside it does not matter, nor does this
      // connection.
      return;
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
