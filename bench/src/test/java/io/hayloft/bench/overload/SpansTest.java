package io.hayloft.bench.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.loop.Ending;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SpansTest {

  private static final long MILLI = 1_000_000;
  private static final Duration WINDOW = Duration.ofMillis(100);

  private static Spans spans() {
    return new Spans(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), WINDOW, 1);
  }

  @Test
  void operationsCountWhereTheyWereDueHoweverLateTheyEnd() {
    var spans = spans();
    spans.begun(990 * MILLI, 0);
    spans.ended(0, Ending.SERVED, 990 * MILLI, 5_000 * MILLI);
    spans.ended(0, Ending.REFUSED, 1_000 * MILLI, MILLI);

    assertThat(spans.of(0).count(Ending.SERVED)).isEqualTo(1);
    assertThat(spans.of(0).count(Ending.REFUSED)).isZero();
    assertThat(spans.of(1).count(Ending.REFUSED)).isEqualTo(1);
    assertThat(spans.windows(0).get(9).count()).isEqualTo(1);
  }

  @Test
  void whatASpanHandsOnCountsInTheNextOneWhereItLastsSoLong() {
    var spans = spans();
    spans.handOn(0);
    spans.ended(0, Ending.SERVED, 990 * MILLI, 9 * MILLI);
    spans.ended(0, Ending.FAILED, 990 * MILLI, 2_000 * MILLI);
    spans.ended(0, Ending.REFUSED, 1_990 * MILLI, 2_000 * MILLI);

    assertThat(spans.of(0).count()).isEqualTo(1);
    assertThat(spans.of(0).count(Ending.SERVED)).isEqualTo(1);
    assertThat(spans.windows(1).getFirst().count(Ending.FAILED)).isEqualTo(1);
    assertThat(spans.windows(1).getLast().count(Ending.REFUSED)).isEqualTo(1);
  }

  @Test
  void recoveryEndsWithTheLastWindowThatIsNotWell() {
    var spans = spans();
    for (int at = 1000; at < 2000; at += 10) {
      boolean slow = at == 1110;
      boolean refused = at == 1340;
      spans.ended(
          0, refused ? Ending.REFUSED : Ending.SERVED, at * MILLI, slow ? 80 * MILLI : MILLI);
    }

    assertThat(spans.recovery(1, 10_000)).isEqualTo(Duration.ofMillis(400));
    assertThat(spans.recovery(0, 10_000)).isZero();
  }

  @Test
  void peakIsTheHighestRateThatIsSustained() {
    var tried = new ArrayList<Double>();
    for (double limit : new double[] {900, 1_000, 1_700, 4_000}) {
      tried.clear();
      var peak =
          Peak.find(
              1_000,
              rate -> new Peak.Trial(rate, Math.min(rate, limit), rate <= limit),
              trial -> tried.add(trial.rate()));

      assertThat(peak.isSustained()).isTrue();
      // Half a step, once the last two are known: a whole one would be 0.87.
      assertThat(peak.rate()).isBetween(0.93 * limit, limit);
      assertThat(tried).hasSizeLessThan(15);
    }
    assertThatThrownBy(() -> Peak.find(1_000, rate -> new Peak.Trial(rate, 0, false), _ -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(complaint("--mix", "nope=1")).contains("--mix takes weights of");
    assertThat(complaint("--mix", "info=0")).contains("--mix takes weights of");
    assertThat(complaint("--factor", "0.5")).contains("too little");
    assertThat(complaint("--connections", "99999999")).contains("see ulimit -n");
  }

  private static String complaint(String... arguments) {
    var err = new StringWriter();
    var line = new CommandLine(new OverloadCommand()).setErr(new PrintWriter(err, true));
    assertThat(line.execute(arguments)).isEqualTo(2);
    return err.toString();
  }
}
