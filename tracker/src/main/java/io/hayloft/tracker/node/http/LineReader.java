package io.hayloft.tracker.node.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads lines from a stream and leaves them as bytes: one after the other stands in the buffer, and
 * the next call overwrites it. Lines have a bound.
 */
final class LineReader {

  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;
  private int next;
  private int from;
  private int to;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line that is not empty; false at the end, where an unended line is none. */
  boolean advance() throws IOException {
    int searched = next;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          from = next;
          to = i;
          next = i + 1;
          if (to > from) {
            return true;
          }
        }
      }
      searched = filled;
      if (next > 0) {
        System.arraycopy(buffer, next, buffer, 0, filled - next);
        filled -= next;
        searched -= next;
        next = 0;
      }
      if (filled == buffer.length) {
        throw new NodeRefusal("sends a line without end");
      }
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        return false;
      }
      filled += read;
    }
  }

  /** The buffer that has the line, between {@link #from} and {@link #to}. */
  byte[] buffer() {
    return buffer;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  String text() {
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }
}
