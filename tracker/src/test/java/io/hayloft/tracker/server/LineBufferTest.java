package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineBufferTest {

  private final LineBuffer buffer = new LineBuffer(100);

  private void arrive(String bytes) {
    buffer.append(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
  }

  private List<String> lines() {
    var lines = new ArrayList<String>();
    for (var line = buffer.next(); line.isPresent(); line = buffer.next()) {
      lines.add(line.get());
    }
    return lines;
  }

  @Test
  void lineFeedEndsALineAndACarriageReturnBeforeItIsNoPartOfIt() {
    arrive("one\ntwo\r\n\r\n\nthree");

    assertThat(lines()).containsExactly("one", "two", "", "");
  }

  @Test
  void carriageReturnAloneEndsNothing() {
    arrive("a\rb\r");
    assertThat(lines()).isEmpty();

    arrive("\n");
    assertThat(lines()).containsExactly("a\rb");
  }

  @Test
  void everyByteBecomesOneChar() {
    buffer.append(ByteBuffer.wrap(new byte[] {(byte) 0xff, 0, (byte) 0xc3, (byte) 0xa9, '\n'}));

    assertThat(lines()).containsExactly("\u00ff\u0000\u00c3\u00a9");
  }

  @Test
  void nothingIsHeldOnceAllLinesAreHandedOut() {
    arrive("some line\nanother\n");
    assertThat(buffer.capacity()).isPositive();

    assertThat(lines()).hasSize(2);
    assertThat(buffer.capacity()).isZero();
  }

  @Test
  void tooLongIsWhatHasNoEndYet() {
    arrive("x".repeat(100));
    assertThat(buffer.next()).isEmpty();
    assertThat(buffer.isTooLong()).isFalse();

    arrive("x");
    assertThat(buffer.next()).isEmpty();
    assertThat(buffer.isTooLong()).isTrue();
  }

  @Property(tries = 300)
  void linesDoNotDependOnHowTheirBytesArrive(
      @ForAll @Size(max = 12) List<@IntRange(max = 30) Integer> lengths,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 40) Integer> pieces) {
    var fresh = new LineBuffer(1000);
    var expected = lengths.stream().map("k"::repeat).toList();
    var all = String.join("\r\n", expected) + (expected.isEmpty() ? "" : "\r\n");
    var lines = new ArrayList<String>();

    int at = 0;
    for (int i = 0; at < all.length(); i++) {
      int end = Math.min(all.length(), at + pieces.get(i % pieces.size()));
      fresh.append(ByteBuffer.wrap(all.substring(at, end).getBytes(ISO_8859_1)));
      for (var line = fresh.next(); line.isPresent(); line = fresh.next()) {
        lines.add(line.get());
      }
      at = end;
    }

    assertThat(lines).isEqualTo(expected);
  }
}
