package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationPoliciesTest {

  private static final ReplicationPolicies POLICIES = ReplicationPolicies.builtIn();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MultipleHosts | -",
        "MultipleHosts() | -",
        "' MultipleHosts ( ) ' | -",
        "MultipleHosts(3) | 3",
        "'MultipleHosts( 3 )' | 3",
        "MultipleHosts(3) and so on | 3",
        "'' | -",
        "'  ' | -",
      })
  void multipleHostsIsReadInEverySpelling(String text, String copies) {
    var number =
        copies.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(copies));

    assertThat(POLICIES.parse(text)).isEqualTo(new Parsed.Known(new MultipleHosts(number)));
  }

  @Test
  void multipleDevicesIsKnown() {
    assertThat(POLICIES.parse("MultipleDevices(2)"))
        .isEqualTo(new Parsed.Known(new MultipleDevices(OptionalInt.of(2))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nonsense()",
        "multiplehosts()",
        "MultipleHosts(x)",
        "MultipleHosts(0)",
        "MultipleHosts(-1)",
        "MultipleHosts(9999999999)",
        "MultipleHosts(2",
        "MultipleHosts(2, 3)",
        "MultipleHosts(,2)",
        "MultipleHosts)2(",
        "MultipleNetworks(a=1)",
        "HostsPerNetwork",
        "HostsPerNetwork()",
        "HostsPerNetwork(near)",
        "HostsPerNetwork(=2)",
        "HostsPerNetwork(near=0)",
        "HostsPerNetwork(near=two)",
        "HostsPerNetwork(near=1, near=2)",
        "Union",
        "Union()",
        "Union(,)",
        "Union(MultipleHosts(2), Nonsense())",
        "Union(MultipleHosts(2) MultipleDevices(2))",
        "Union(MultipleHosts(2), MultipleDevices(x))",
        "Union(MultipleHosts(2)",
        "OnDevice(3)",
        "(2)",
        "%",
      })
  void whatIsNoPolicyIsRefusedWithAReason(String text) {
    assertThat(POLICIES.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Unknown.class,
            unknown -> assertThat(unknown.reason()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  void theReasonSaysWhatIsWrongWhereverItStands() {
    assertThat(POLICIES.parse("OnDevice(3)"))
        .isEqualTo(
            new Parsed.Unknown(
                "no replication policy 'OnDevice'; there are HostsPerNetwork, MultipleDevices,"
                    + " MultipleHosts, MultipleNetworks, Union"));
    assertThat(POLICIES.parse("Union(MultipleHosts(2), Union(MultipleDevices(x)))"))
        .isEqualTo(new Parsed.Unknown("'x' is not a number of copies"));
    assertThat(POLICIES.parse("Union(MultipleHosts(2) MultipleDevices(2))"))
        .isEqualTo(
            new Parsed.Unknown(
                "a comma is missing before 'MultipleDevices(2)' in"
                    + " 'MultipleHosts(2) MultipleDevices(2)'"));
    assertThat(POLICIES.parse("Union(MultipleHosts(2)"))
        .isEqualTo(new Parsed.Unknown("the parenthesis after 'Union' is not closed"));
    assertThat(POLICIES.parse("HostsPerNetwork(near)"))
        .isEqualTo(new Parsed.Unknown("'near' is not of the form zone=number"));
  }

  @Test
  void hostsAreNumberedByZone() {
    assertThat(POLICIES.parse("HostsPerNetwork( near = 2 , far=1, )"))
        .isEqualTo(new Parsed.Known(new HostsPerNetwork(Map.of("near", 2, "far", 1))));
  }

  @Test
  void aUnionHasPoliciesAsArguments() {
    var hosts = new MultipleHosts(OptionalInt.of(2));
    var devices = new MultipleDevices(OptionalInt.empty());
    var zones = new HostsPerNetwork(Map.of("near", 1, "far", 1));

    assertThat(
            POLICIES.parse(
                " Union ( MultipleHosts( 2 ), MultipleDevices , HostsPerNetwork(near=1,far=1),) x"))
        .isEqualTo(new Parsed.Known(new Union(List.of(hosts, devices, zones))));
    assertThat(
            POLICIES.parse("Union(Union(MultipleHosts(2), MultipleDevices()), MultipleHosts(2))"))
        .isEqualTo(new Parsed.Known(new Union(List.of(hosts, devices, hosts))));
  }

  @Test
  void namesOfTheOriginalsModulesAreUnderstood() {
    assertThat(POLICIES.parse("MogileFS::ReplicationPolicy::MultipleNetworks(3)"))
        .isEqualTo(new Parsed.Known(new MultipleNetworks(OptionalInt.of(3))));
  }
}
