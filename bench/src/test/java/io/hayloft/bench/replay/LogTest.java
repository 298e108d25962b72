package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogTest {

  private static final Log.Bounds PATIENT = new Log.Bounds(1000, 3, 777, 5000);

  private static Log read(Log.Bounds bounds, String... lines) throws Exception {
    var text = String.join("\n", lines).getBytes(ISO_8859_1);
    return Log.read(new ByteArrayInputStream(text), bounds);
  }

  private static Log read(String... lines) throws Exception {
    return read(PATIENT, lines);
  }

  private static long[] millis(Log log) {
    return IntStream.range(0, log.count()).mapToLong(i -> log.at(i) / 1_000_000).toArray();
  }

  @Test
  void timesAreThoseBetweenTheLines() throws Exception {
    var log = read("1000.5 GET a 1", "1000.75 GET b 1", "1002 GET a 1");

    assertThat(millis(log)).containsExactly(0, 250, 1500);
    assertThat(log.length()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void lineThatIsOlderThanTheOneAboveIsOfTheSameMoment() throws Exception {
    assertThat(millis(read("10 GET a 1", "12 GET a 1", "11 GET a 1", "13 GET a 1")))
        .containsExactly(0, 2000, 2000, 3000);
  }

  @Test
  void accessesOfOneSecondAreSpreadWhereSecondsAreAllThatIsKnown() throws Exception {
    var line = "h - - [10/Oct/2000:13:55:%02d +0000] \"GET /k HTTP/1.0\" 200 1";

    var log =
        read(
            line.formatted(1),
            line.formatted(1),
            line.formatted(1),
            line.formatted(1),
            line.formatted(3),
            line.formatted(3));

    assertThat(millis(log)).containsExactly(0, 250, 500, 750, 2000, 2500);
  }

  @Test
  void filesThatAreReadAndWereNotStoredAreThereBefore() throws Exception {
    var log =
        read(
            "1 GET read 10",
            "1 GET read 30",
            "1 GET read 20",
            "2 PUT stored 40",
            "3 GET stored 40",
            "4 GET unknown -",
            "5 GET gone missing",
            "6 DELETE deleted -",
            "7 PUT deleted 9",
            "8 GET replaced 5",
            "9 PUT replaced 6");

    assertThat(log.before())
        .isEqualTo(Map.of("read", 30, "unknown", 777, "deleted", 777, "replaced", 5));
  }

  @Test
  void uploadOfUnknownSizeHasThatOfLaterReadings() throws Exception {
    var log = read("1 PUT a -", "2 GET a 50", "3 GET a 60", "4 PUT a -", "5 GET a 8", "6 PUT b -");

    assertThat(log.size(0)).isEqualTo(60);
    assertThat(log.size(3)).isEqualTo(8);
    assertThat(log.size(5)).isEqualTo(777);
  }

  @Test
  void largeFilesAreCut() throws Exception {
    assertThat(read("1 PUT a 999999999999").size(0)).isEqualTo(5000);
    assertThat(read("1 GET a 999999999999").before()).isEqualTo(Map.of("a", 5000));
  }

  @Test
  void badLinesAreSkippedAndToldWithTheirNumbers() throws Exception {
    var log = read("1 GET a 1", "nonsense", "2 GET a 1", "3 GET", "OPTIONS", "4 PATCH a 1");

    assertThat(log.count()).isEqualTo(2);
    assertThat(log.bad()).isEqualTo(3);
    assertThat(log.passedOver()).isEqualTo(1);
    assertThat(log.complaints()).contains("line 2: ", "line 4: ", "line 5: ");
  }

  @Test
  void tooManyBadLinesAreNoLog() {
    assertThatThrownBy(() -> read("1 GET a 1", "x", "x", "x", "x"))
        .isInstanceOf(BadLogException.class)
        .hasMessageContaining("more than 3 bad lines")
        .hasMessageContaining("line 2: not the four words");
    assertThatThrownBy(() -> read(new Log.Bounds(10, 0, 1, 1), "1 GET a 1", "x"))
        .isInstanceOf(BadLogException.class)
        .hasMessageContaining("a bad line")
        .hasMessageContaining("line 2: ");
  }

  @Test
  void emptyLogIsNone() {
    assertThatThrownBy(() -> read("# nothing", "", "1 PATCH a 1"))
        .isInstanceOf(BadLogException.class)
        .hasMessageContaining("nothing in it can be replayed");
  }

  @Test
  void noMoreIsReadThanIsWanted() throws Exception {
    assertThat(read(new Log.Bounds(2, 0, 1, 1), "1 GET a 1", "2 GET a 1", "3 GET a 1").count())
        .isEqualTo(2);
  }

  @Test
  void endlessLineIsNotKept() throws Exception {
    var log = read("1 GET " + "x".repeat(3_000_000) + " 1", "2 GET a 1");

    assertThat(log.count()).isEqualTo(1);
    assertThat(log.complaints()).contains("line 1: longer than 16384 bytes");
  }

  @Test
  void linesEndByAnyConvention() throws Exception {
    assertThat(read("1 GET a 1\r", "2 GET b 1\r", "").count()).isEqualTo(2);
  }

  @Test
  void sampleIsALogOfItsOwnKindAndAlwaysTheSame() throws Exception {
    var text = sample();
    var log = read(new Log.Bounds(5000, 0, 1, 5_000_000), text);

    assertThat(log.count()).isEqualTo(5000);
    assertThat(sample()).isEqualTo(text);
    assertThat(log.length()).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(55));
    var counts =
        IntStream.range(0, log.count())
            .boxed()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    log::key, java.util.stream.Collectors.counting()));
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    assertThat(most).as("the favourite").isGreaterThan(5 * log.count() / counts.size());
    assertThat(log.before()).hasSizeGreaterThan(500);
  }

  private static String sample() {
    var text = new StringWriter();
    new Sample(2000, 100, 1).write(5000, new PrintWriter(text));
    return text.toString();
  }

  @Test
  void progressIsABar() {
    var out = new StringWriter();
    var progress = new Progress(new PrintWriter(out), true, "replaying", 200);

    progress.at(50, 0);
    progress.at(51, 1000);
    progress.end(200);

    assertThat(out.toString())
        .isEqualTo(
            "\rreplaying [#######                       ]  25 % 50 of 200"
                + "\rreplaying [##############################] 100 % 200 of 200"
                + System.lineSeparator());
  }
}
