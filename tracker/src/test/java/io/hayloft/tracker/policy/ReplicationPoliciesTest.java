package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationPoliciesTest {

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

    assertThat(ReplicationPolicies.parse(text))
        .isEqualTo(new Parsed.Known(new MultipleHosts(number)));
  }

  @Test
  void multipleDevicesIsKnown() {
    assertThat(ReplicationPolicies.parse("MultipleDevices(2)"))
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
        "(2)",
        "%",
      })
  void whatIsNoPolicyIsRefusedWithAReason(String text) {
    assertThat(ReplicationPolicies.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Unknown.class,
            unknown -> assertThat(unknown.reason()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  void theReasonNamesThePoliciesThatThereAre() {
    assertThat(ReplicationPolicies.parse("Union(MultipleHosts(2))"))
        .isInstanceOf(Parsed.Unknown.class);
    assertThat(ReplicationPolicies.parse("MultipleNetworks()"))
        .isEqualTo(
            new Parsed.Unknown(
                "no replication policy 'MultipleNetworks'; there are MultipleDevices,"
                    + " MultipleHosts"));
  }
}
