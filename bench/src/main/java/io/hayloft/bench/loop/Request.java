package io.hayloft.bench.loop;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request that is put together from bytes; used again for the next one. */
public final class Request {

  private static final int ROOM = 512;
  private static final int DIGITS = 19;

  private ByteBuffer text = ByteBuffer.allocate(ROOM);
  private @Nullable ByteBuffer body;

  Request() {}

  void clear() {
    text.clear();
    body = null;
  }

  public Request put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  public Request put(byte[] bytes, int from, int to) {
    room(to - from);
    text.put(bytes, from, to - from);
    return this;
  }

  public Request put(byte single) {
    room(1);
    text.put(single);
    return this;
  }

  /** A number that is not negative, with zeros in front if it has fewer digits. */
  public Request number(long value, int leastDigits) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    int digits = Math.max(leastDigits, digits(value));
    room(Math.max(DIGITS, digits));
    int end = text.position() + digits;
    long rest = value;
    for (int at = end - 1; at >= text.position(); at--) {
      text.put(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    text.position(end);
    return this;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /**
   * What follows the text.
   *
   * @param bytes all of the buffer's, which is only read
   */
  public Request body(ByteBuffer bytes) {
    body = bytes.duplicate().clear();
    return this;
  }

  private void room(int more) {
    if (text.remaining() < more) {
      var larger = ByteBuffer.allocate(2 * (text.capacity() + more));
      text.flip();
      text = larger.put(text);
    }
  }

  /** What is to be sent, in its order; each buffer from its position to its limit. */
  ByteBuffer text() {
    return text;
  }

  @Nullable ByteBuffer body() {
    return body;
  }
}
