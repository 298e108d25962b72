package io.hayloft.bench.node;

import static io.hayloft.bench.server.Contender.HAYLOFT;
import static io.hayloft.bench.server.Contender.NGINX_COPYING;
import static io.hayloft.bench.server.Contender.NGINX_SENDFILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.bench.load.LoadResult;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.node.Contest.Goals;
import io.hayloft.bench.report.Goal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Contest CONTEST =
      new Contest("get-16k", Kind.GET, 16_384, 4000, Goals.of(1.2, 0.85));

  private static Measurement measured(double perSecond, double cpuMicros) {
    return new Measurement(perSecond, cpuMicros, 1.5, 2);
  }

  /** With sendfile off nginx answers more, with sendfile on it takes less for each. */
  private static Comparison comparison() {
    return new Comparison(
        CONTEST,
        16,
        List.of(
            Map.of(
                HAYLOFT, measured(120, 8),
                NGINX_SENDFILE, measured(80, 10),
                NGINX_COPYING, measured(100, 12)),
            Map.of(
                HAYLOFT, measured(130, 9),
                NGINX_SENDFILE, measured(90, 10),
                NGINX_COPYING, measured(90, 12)),
            Map.of(
                HAYLOFT, measured(110, 7),
                NGINX_SENDFILE, measured(70, 11),
                NGINX_COPYING, measured(110, 12))));
  }

  @Test
  void theRivalIsTheBestOfNginxForEachFigureByItself() {
    var rate = comparison().rate();
    assertThat(rate.rival()).isEqualTo(NGINX_COPYING);
    assertThat(rate.ratio()).isEqualTo(1.2);
    assertThat(rate.pairwise().least()).isEqualTo(1.0);
    assertThat(rate.pairwise().most()).isEqualTo(130.0 / 90);

    var cpu = comparison().cpu();
    assertThat(cpu.rival()).isEqualTo(NGINX_SENDFILE);
    assertThat(cpu.ratio()).isEqualTo(0.8);
    assertThat(cpu.pairwise().least()).isEqualTo(7.0 / 11);
    assertThat(cpu.pairwise().most()).isEqualTo(0.9);
  }

  @Test
  void aServerThatMissedARoundIsNotCompared() {
    var lame =
        new Comparison(
            CONTEST,
            16,
            List.of(
                Map.of(HAYLOFT, measured(1, 1), NGINX_COPYING, measured(1, 1)),
                Map.of(HAYLOFT, measured(1, 1))));

    assertThatThrownBy(lame::rate).hasMessageContaining("NGINX_COPYING missed a round");
  }

  @Test
  void processorTimeIsThatOfOneRequest() {
    var measurement = Measurement.of(new LoadResult(2000, 1, 500_000, 0, 100, 2500), 30_000, 1.25);

    assertThat(measurement).isEqualTo(new Measurement(4000, 15, 2.5, 1.25));
  }

  @Test
  void goalsAreMetAtTheirBound() {
    assertThat(Goal.atLeast(1.2).judge(1.2)).isEqualTo("≥ 1.2, met");
    assertThat(Goal.atLeast(1.2).judge(1.19)).isEqualTo("≥ 1.2, **missed**");
    assertThat(Goal.atMost(1.05).judge(1.05)).isEqualTo("≤ 1.05, met");
    assertThat(Goal.atMost(60).judge(61)).isEqualTo("≤ 60, **missed**");
    assertThat(Goal.atLeast(1).judge(2)).isEqualTo("≥ 1, met");
  }

  @Test
  void rowShowsBothRatiosWithRivalsRangesAndGoals() {
    assertThat(NodeReport.row(comparison()))
        .isEqualTo(
            "| GET 16 KiB, 4,000 files | 16"
                + " | 120 [110–130] | 100 [90.0–110] (sendfile off) | 1.20 [1.00–1.44] | ≥ 1.2, met"
                + " | 8.00 [7.00–9.00] | 10.0 [10.0–11.0] (sendfile on) | 0.80 [0.64–0.90]"
                + " | ≤ 0.85, met | 1.50, 1.50 | 2.0 |\n");
  }

  @Test
  void titlesTellWhatIsAsked() {
    assertThat(new Contest("x", Kind.DURABLE_PUT, 3 << 20, 5, Goals.NONE).title())
        .isEqualTo("PUT 3 MiB, durable, 5 files");
    assertThat(new Contest("x", Kind.PUT, 1000, 5000, Goals.NONE).title())
        .isEqualTo("PUT 1000 B, 5,000 files");
  }

  @Test
  void jsonHasEveryRoundAndWhatBecameOfTheGoals() throws Exception {
    var report = new NodeReport(Map.of("processors", 2));
    report.add(comparison());
    report.add(
        new Fact(
            "start, s",
            Spread.of(List.of(0.5, 0.7)),
            Optional.empty(),
            Optional.of(Goal.atMost(0.5)),
            3));

    var json = new ObjectMapper().readTree(report.json());

    assertThat(json.at("/machine/processors").asInt()).isEqualTo(2);
    assertThat(json.at("/comparisons/0/requestsPerSecond/ratio").asDouble()).isEqualTo(1.2);
    assertThat(json.at("/comparisons/0/requestsPerSecond/met").asBoolean()).isTrue();
    assertThat(json.at("/comparisons/0/cpuMicrosPerRequest/nginxWith").asText())
        .isEqualTo("sendfile on");
    assertThat(json.at("/comparisons/0/rounds/2/NGINX_SENDFILE/cpuMicros").asDouble())
        .isEqualTo(11);
    assertThat(json.at("/facts/0/met").asBoolean()).isFalse();
    assertThat(report.markdown())
        .contains("| start, s | 0.60 [0.50–0.70] | – | ≤ 0.5, **missed** | 3.0 |");
  }
}
