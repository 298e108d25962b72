package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what arrives on a connection into lines, ended by LF or CRLF, one char per byte. Keeps
 * nothing but bytes that are not yet part of a line handed out, and no memory when there are none.
 * Looks at each byte once, however slowly a line arrives.
 */
final class LineBuffer {

  private static final byte[] EMPTY = {};

  private final int longest;
  private byte[] bytes = EMPTY;
  private int start;
  private int searched;
  private int end;

  /**
   * @param longest a line with more bytes than this is too long
   */
  LineBuffer(int longest) {
    this.longest = longest;
  }

  /** Takes all bytes of a buffer. */
  void append(ByteBuffer arrived) {
    int count = arrived.remaining();
    if (end + count > bytes.length) {
      makeRoom(count);
    }
    arrived.get(bytes, end, count);
    end += count;
  }

  private void makeRoom(int count) {
    int kept = end - start;
    int needed = kept + count;
    // Doubling keeps a line that arrives in small pieces from being copied for each of them.
    int capacity = kept == 0 ? needed : Math.max(needed, 2 * kept);
    var larger = new byte[capacity];
    System.arraycopy(bytes, start, larger, 0, kept);
    bytes = larger;
    searched -= start;
    start = 0;
    end = kept;
  }

  /** The next whole line, without its end; empty when there is none yet. */
  Optional<String> next() {
    while (searched < end) {
      if (bytes[searched] == '\n') {
        int last = searched > start && bytes[searched - 1] == '\r' ? searched - 1 : searched;
        var line = new String(bytes, start, last - start, ISO_8859_1);
        searched++;
        start = searched;
        releaseIfEmpty();
        return Optional.of(line);
      }
      searched++;
    }
    return Optional.empty();
  }

  private void releaseIfEmpty() {
    if (start == end) {
      bytes = EMPTY;
      start = 0;
      searched = 0;
      end = 0;
    }
  }

  /** Whether what has arrived of the next line is more than a line may have. */
  boolean isTooLong() {
    return searched - start > longest;
  }

  /** How much memory is held. */
  int capacity() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return new String(Arrays.copyOfRange(bytes, start, end), ISO_8859_1);
  }
}
