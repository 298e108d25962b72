package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Answers that will leave in one write. Holds no memory while there are none. */
final class Answers {

  /** As many bytes are worth a write of their own. */
  private static final int MANY = 16 << 10;

  private String first = "";
  private @Nullable StringBuilder all;

  /** Adds one, perhaps of no bytes, behind the others. */
  void add(String answer) {
    if (all != null) {
      all.append(answer);
    } else if (first.isEmpty()) {
      first = answer;
    } else {
      all = new StringBuilder(2 * (first.length() + answer.length())).append(first).append(answer);
    }
  }

  boolean isEmpty() {
    return first.isEmpty();
  }

  boolean areMany() {
    return (all == null ? first.length() : all.length()) >= MANY;
  }

  /** The bytes of all; afterwards there are none. */
  ByteBuffer take() {
    var text = all == null ? first : all.toString();
    first = "";
    all = null;
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }
}
