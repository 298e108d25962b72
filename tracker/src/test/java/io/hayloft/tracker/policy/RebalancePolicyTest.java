package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.policy.RebalancePolicy.Parsed;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RebalancePolicyTest {

  /** Each device has 60 % free: 60,000 of 100,000 MiB. */
  private static final ClusterView CLUSTER =
      Drawing.of("h1[1_ 2_:drain] h2[3_ 4_:readonly] h3[5_ 6_:dead] h4:down[7_]").cluster();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | 1,2,3,5 | ''
          from_all_devs=1                      | 1,2,3,5 | ''
          from_devices=1,3,4                   | 1,3     | 5
          from_devices=1                       | 1       | 3,5
          from_hosts=1                         | 1,2     | 3,5
          from_hosts=1 from_devices=2          | 2       | 1,3,5
          from_devices=1 to_hosts=2            | 1       | 3
          from_devices=1 to_devices=5,6        | 1       | 5
          from_devices=1 not_to_hosts=2        | 1       | 5
          from_devices=1 not_to_devices=5      | 1       | 3
          from_percent_used=40                 | ''      | 1,3,5
          from_percent_used=39                 | 1,2,3,5 | ''
          from_percent_free=60                 | ''      | 1,3,5
          from_percent_free=59                 | 1,2,3,5 | ''
          from_space_used=40000                | ''      | 1,3,5
          from_space_used=39999                | 1,2,3,5 | ''
          from_space_free=60000                | ''      | 1,3,5
          from_devices=1 to_percent_free=60    | 1       | ''
          from_devices=1 to_percent_free=59    | 1       | 3,5
          from_devices=1 to_percent_used=40    | 1       | ''
          from_devices=1 to_space_free=60000   | 1       | ''
          from_devices=1 to_space_used=39999   | 1       | 3,5
          """)
  void devicesAreChosenAsThePolicySays(String text, String sources, String destinations) {
    var policy = known(text);

    var from = policy.sources(CLUSTER);

    assertThat(from).isEqualTo(devices(sources));
    assertThat(policy.destinations(CLUSTER, from)).isEqualTo(devices(destinations));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          limit_by=size limit=7                | 7
          limit_by=size limit=7b               | 7
          limit_by=size limit=5k               | 5120
          limit_by=size limit=5M               | 5242880
          limit_by=size limit=2g               | 2147483648
          limit_by=size limit=1t               | 1099511627776
          limit_by=size limit=1p               | 1125899906842624
          limit_by=size limit=999999999999999p | 9223372036854775807
          limit_by=count limit=5               | 5
          limit_by=count                       | 0
          """)
  void limitsHaveUnits(String text, long limit) {
    assertThat(known(text).limit()).isEqualTo(limit);
  }

  @Test
  void whatIsNotSaidIsAsInTheOriginal() {
    var policy = known("");

    assertThat(policy.newestFirst()).isFalse();
    assertThat(policy.limitBy()).isEqualTo(RebalancePolicy.LimitBy.NONE);
    assertThat(policy.isLimitGlobal()).isFalse();
    assertThat(policy.destinationsPerFile()).isEqualTo(OptionalLong.empty());
    assertThat(policy.leaveInDrain()).isFalse();
  }

  @Test
  void whatIsSaidCounts() {
    var policy =
        known("fid_age=new limit_type=global limit_by=count use_dest_devs=2 leave_in_drain_mode=1");

    assertThat(policy.newestFirst()).isTrue();
    assertThat(policy.limitBy()).isEqualTo(RebalancePolicy.LimitBy.COUNT);
    assertThat(policy.isLimitGlobal()).isTrue();
    assertThat(policy.destinationsPerFile()).isEqualTo(OptionalLong.of(2));
    assertThat(policy.leaveInDrain()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense=1",
        "from_devices=x",
        "fid_age=middle",
        "limit_by=percent",
        "limit=5x",
        "use_dest_devs=0",
        "from_percent_used=1,2"
      })
  void whatMakesNoSenseIsRefused(String text) {
    assertThat(RebalancePolicy.parse(text)).isInstanceOf(Parsed.Wrong.class);
  }

  @Test
  void aStateIsReadAsItWasWritten() {
    var state = RebalanceState.first(Drawing.ids(3, 8), known("")).next();

    var read = RebalanceState.parse(state.text());

    assertThat(read.text()).isEqualTo(state.text());
    assertThat(read.current()).contains(new DeviceId(3));
    assertThat(read.sources()).isEqualTo(Drawing.ids(8));
    assertThat(read.complete().emptied()).isEqualTo(Drawing.ids(3, 8));
    assertThat(read.deviceLimit()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void aStateOfTheOriginalIsUnderstood() {
    var state =
        RebalanceState.parse(
            "sdev_lastfid=17 source_devs=8 completed_devs= sdev_current=3 sdev_limit=42 limit=0");

    assertThat(state.get(RebalanceState.Count.LAST_FID)).isEqualTo(17);
    assertThat(state.deviceLimit()).isEqualTo(OptionalLong.of(42));
    assertThat(state.completed()).isEmpty();
    assertThat(state.current()).contains(new DeviceId(3));
  }

  private static RebalancePolicy known(String text) {
    var parsed = RebalancePolicy.parse(text);
    assertThat(parsed).isInstanceOf(Parsed.Known.class);
    return RebalancePolicy.stored(text).orElseThrow();
  }

  private static List<DeviceId> devices(String list) {
    return List.of(list.split(",")).stream()
        .filter(number -> !number.isEmpty())
        .map(number -> new DeviceId(Integer.parseInt(number)))
        .toList();
  }
}
