package io.hayloft.bench.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.Latencies;
import io.hayloft.bench.report.Goal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrackerReportTest {

  /** A run of a second in which each operation took that long, and 20 + 10 µs of processor time. */
  private static Measurement run(long operations, long micros) {
    var latencies = new Latencies();
    for (long i = 0; i < operations; i++) {
      latencies.add(micros * 1000);
    }
    return new Measurement(
        new Outcome(latencies, 1_000_000_000),
        new Consumption(20 * operations, 10 * operations, 5 * operations, operations / 10),
        3 * operations,
        1.5);
  }

  private static Result result(Operation operation, String site, int connections, long... rates) {
    return new Result(
        operation,
        connections,
        site,
        Arrays.stream(rates).mapToObj(rate -> run(rate, 100L * connections)).toList());
  }

  @Test
  void verdictTakesTheBestRateAndItsCost() {
    var verdict =
        Verdict.of(
            List.of(
                result(Operation.RENAME, HayloftSite.NAME, 1, 2000),
                result(Operation.RENAME, HayloftSite.NAME, 8, 20_000, 21_510, 22_000),
                result(Operation.RENAME, HayloftSite.NAME, 32, 19_000)));

    assertThat(verdict.best().connections()).isEqualTo(8);
    assertThat(verdict.times()).isEqualTo(5);
    assertThat(verdict.cost()).isEqualTo(30);
    assertThat(verdict.costShare()).isEqualTo(30 / 360.0);
    assertThat(verdict.row())
        .contains("21,510 (8) | 4,302 | 5.0 | ≥ 20000, met | 30.0 | 360 | ≤ 70, met")
        // Over one connection 100 µs, over 32 3,200 µs, which is more than a fifth of 9,508 µs.
        .contains("≤ 506, met")
        .contains("≤ 1901.6, **missed**");
  }

  @Test
  void rowShowsWhereTheTimeWentToo() {
    assertThat(TrackerReport.row(result(Operation.NOOP, "x", 8, 1000, 900, 1100)))
        .startsWith("| noop | 8 | x | 1,000 [900–1,100] | 20.0 | 10.0 | 5.00 | 3.00 | 0.10 | 80");
  }

  @Test
  void othersAreComparedTurnByTurn() {
    var report = new TrackerReport(Map.of());
    report.add(
        List.of(
            result(Operation.NOOP, HayloftSite.NAME, 8, 1000, 1000, 1200),
            result(Operation.NOOP, MemcachedSite.NAME, 8, 1000, 2000, 1000)));

    var versus = report.comparisons().getFirst();

    assertThat(versus.ratio()).isEqualTo(1);
    assertThat(versus.pairwise().least()).isEqualTo(0.5);
    assertThat(versus.pairwise().most()).isEqualTo(1.2);
    assertThat(versus.row()).contains("1.00 [0.50–1.20] | ≥ 0.8, met | 1.00");
    assertThat(report.verdicts()).hasSize(1);
  }

  @Test
  void jsonHasEveryRunAndEveryVerdict() throws Exception {
    var report = new TrackerReport(Map.of("processors", 2));
    report.add(List.of(result(Operation.DELETE, HayloftSite.NAME, 1, 100, 300)));
    report.add(new Finding("memory, MiB", 150, Optional.of(125.0), Optional.of(Goal.atMost(180))));

    var json = new ObjectMapper().readTree(report.json());

    assertThat(json.at("/machine/processors").asInt()).isEqualTo(2);
    assertThat(json.at("/verdicts/0/perSecond/value").asInt()).isEqualTo(200);
    assertThat(json.at("/verdicts/0/perSecond/met").asBoolean()).isFalse();
    assertThat(json.at("/results/0/runs/1/perSecond").asInt()).isEqualTo(300);
    assertThat(json.at("/results/0/runs/1/generatorCpuMicros").asInt()).isEqualTo(3);
    assertThat(json.at("/findings/0/met").asBoolean()).isTrue();
    assertThat(report.markdown()).contains("| memory, MiB | 150 | 125 | ≤ 180, met |");
  }

  @Test
  void goalsAreThoseThatWereSet() {
    assertThat(Operation.CREATE.cpuGoal().bound()).isEqualTo(2620 / 15.0);
    assertThat(Operation.NOOP.tailGoal().bound()).isEqualTo(2916 / 5.0);
    assertThat(Operation.FILE_INFO.medianGoal().bound()).isEqualTo(304);
    assertThat(List.of(Operation.values()))
        .allSatisfy(
            each -> {
              assertThat(each.rateGoal().bound()).isGreaterThan(each.original().perSecond());
              assertThat(each.cpuGoal().bound()).isLessThan(each.original().cpuMicros());
            });
  }
}
