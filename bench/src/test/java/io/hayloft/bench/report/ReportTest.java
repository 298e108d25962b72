package io.hayloft.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Consumption USED = new Consumption(300_000, 100_000, 1_000_000, 2500);

  private static Figure figure(Yardstick yardstick, double... values) {
    return new Figure(
        yardstick,
        Arrays.stream(values)
            .mapToObj(value -> new Sample(value, 1000, USED, 204_800, 1.5))
            .toList());
  }

  @Test
  void costsAreThoseOfOneFile() {
    var figure = figure(Yardstick.REPLICATE, 900, 1100, 1070);

    assertThat(figure.trackerPerFile()).isEqualTo(300);
    assertThat(figure.databasePerFile()).isEqualTo(100);
    assertThat(figure.nodesPerFile()).isEqualTo(1000);
    assertThat(figure.statementsPerFile()).isEqualTo(2.5);
    assertThat(figure.trackerMib()).isEqualTo(200);
    assertThat(USED.since(new Consumption(100_000, 0, 0, 0)).central()).isEqualTo(300_000);
  }

  @Test
  void whatIsGoodForRatesIsBadForTimes() {
    assertThat(Yardstick.REPLICATE.meetsGoal(1000)).isTrue();
    assertThat(Yardstick.REPLICATE.meetsGoal(999)).isFalse();
    assertThat(Yardstick.HEAL.meetsGoal(5)).isTrue();
    assertThat(Yardstick.HEAL.meetsGoal(5.1)).isFalse();
    assertThat(Yardstick.REPLICATE.timesOriginal(1070)).hasValue(10);
    assertThat(Yardstick.HEAL.timesOriginal(5)).hasValue(10);
  }

  @Test
  void rowShowsResultYardsticksAndCosts() {
    assertThat(Report.row(figure(Yardstick.REPLICATE, 1070, 900, 1100)))
        .isEqualTo(
            "| replicate | 1,000 | 1,070 files/s [900–1,100] | 107 | 10.0 | 1,000 | yes"
                + " | 300 | 100 | 1,000 | 2.50 | 200 | 1.5 |\n");
    assertThat(Report.row(figure(Yardstick.HEAL, 6.25)))
        .startsWith("| heal a dead node of 3,000 files | 1,000 | 6.25 s [6.25–6.25] | 50.0 | 8.00")
        .contains("| **no** |");
  }

  @Test
  void jsonHasEveryRunAndWhatWasSkipped() throws Exception {
    var report = new Report(Map.of("processors", 2));
    report.add(figure(Yardstick.DELETE, 2000, 4000));
    report.skip("drain", "not there");

    var json = new ObjectMapper().readTree(report.json());

    assertThat(json.at("/machine/processors").asInt()).isEqualTo(2);
    assertThat(json.at("/figures/0/yardstick").asText()).isEqualTo("delete");
    assertThat(json.at("/figures/0/median").asInt()).isEqualTo(3000);
    assertThat(json.at("/figures/0/met").asBoolean()).isTrue();
    assertThat(json.at("/figures/0/runs/1/nodesCpuMicros").asInt()).isEqualTo(1_000_000);
    assertThat(json.at("/skipped/drain").asText()).isEqualTo("not there");
    assertThat(report.markdown()).contains("Not measured: drain: not there");
    assertThat(List.of(Yardstick.values()))
        .allSatisfy(each -> assertThat(each.unit()).isNotBlank());
  }
}
