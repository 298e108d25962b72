package io.hayloft.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ManualTime time = ManualTime.start();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private Terminal terminal(boolean interactive) {
    var err = new PrintStream(written, false, UTF_8);
    return new Terminal(InputStream.nullInputStream(), err, err, interactive, 60);
  }

  private Progress start(boolean interactive) {
    return Progress.start(
        terminal(interactive), time, new Progress.Goal("storing", "files", 10, 1000));
  }

  @Test
  void saysHowFarHowFastAndHowLongStill() {
    var bar = start(true);
    time.advance(Duration.ofSeconds(2));
    for (int i = 0; i < 4; i++) {
      bar.addItem();
    }
    bar.addBytes(500);

    assertThat(bar.text())
        .isEqualTo("storing  [##########..........]  4/10 files  500 B  250 B/s  2/s  0:02 left");
  }

  @Test
  void terminalLineIsDrawnAgainAndFits() {
    var bar = start(true);
    time.advance(Duration.ofMillis(150));
    bar.addItem();
    bar.addItem(); // too soon to be drawn
    bar.close();

    var text = written.toString(UTF_8);
    assertThat(text).doesNotContain("1/10 files  1/10").startsWith("\rstoring").endsWith("\n");
    assertThat(text.split("\r"))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(66));
  }

  @Test
  void logGetsALineEveryFewSeconds() {
    var bar = start(false);
    for (int i = 0; i < 12; i++) {
      time.advance(Duration.ofSeconds(1));
      bar.tick();
    }
    bar.close();

    assertThat(written.toString(UTF_8)).hasLineCount(2).doesNotContain("\r");
  }

  @Test
  void shortJobLeavesNoTraceInALog() {
    var bar = start(false);
    bar.addItem();
    bar.close();

    assertThat(written.toString(UTF_8)).isEmpty();
  }
}
