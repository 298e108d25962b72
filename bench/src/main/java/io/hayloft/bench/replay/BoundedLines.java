package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Cuts a stream into lines, none of which takes more memory than a bound, whatever is in it. */
final class BoundedLines {

  private final InputStream in;
  private final int most;
  private long number;

  /**
   * @param in best a buffered one
   * @param most bytes of a line
   */
  BoundedLines(InputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  /**
   * A line.
   *
   * @param number from 1
   * @param text without its end, of what is too long the beginning
   */
  record Line(long number, String text, boolean isTooLong) {}

  /** The next one; empty at the end. */
  Optional<Line> next() throws IOException {
    var bytes = new ByteArrayOutputStream();
    boolean tooLong = false;
    int read = in.read();
    if (read < 0) {
      return Optional.empty();
    }
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (bytes.size() < most) {
        bytes.write(read);
      } else if (read != '\r') {
        tooLong = true;
      }
    }
    number++;
    var text = bytes.toString(ISO_8859_1);
    return Optional.of(
        new Line(
            number, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, tooLong));
  }
}
