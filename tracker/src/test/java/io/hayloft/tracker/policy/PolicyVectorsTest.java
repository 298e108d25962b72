package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the policies answer, one situation a line, {@link Drawing drawn} as the original does. */
class PolicyVectorsTest {

  @ParameterizedTest(name = "{0}, {1}: {2} -> {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # policy         |min| cluster                                  | answer
          MultipleHosts()  | 2 | h1[1X 2X] h2[3_ 4_]                      | ideal 3 4
          MultipleHosts()  | 2 | h1[1X 2_] h2:down[3_ 4_]                 | desperate 2
          MultipleHosts()  | 2 | h1[1X 2_] h2:down[3_ 4_] h3[5_ 6_]       | ideal 5 6 desperate 2
          MultipleHosts()  | 2 | h1[1X 2X] h2:down[3_ 4_]                 | impossible
          MultipleHosts()  | 3 | h1[1_ 2X] h2[3X 4_]                      | ideal 1 4
          MultipleHosts()  | 3 | h1[1_ 2X] h2[3X 4_] h3[5_]               | ideal 5 desperate 1 4
          MultipleHosts()  | 3 | h1[1_ 2X] h2[3X 4_] h3:down[5_]          | desperate 1 4
          MultipleHosts()  | 2 | h1[1X] h2[3X] h3[5X]                     | excess
          MultipleHosts()  | 2 | h1[1X 2X] h2[3X]                         | excess
          MultipleHosts()  | 2 | h1[1X 2X 3X] h2[4_]                      | excess
          MultipleHosts()  | 3 | h1[1_ 2X] h2[3X 4X]                      | satisfied
          MultipleHosts()  | 2 | h1[3X:drain 5_] h2[4X 6_]                | satisfied
          MultipleHosts()  | 2 | h1[3X:drain 5X] h2[4X]                   | excess
          MultipleHosts()  | 2 | h1[1_ 2X:dead] h2[3X 4_]                 | ideal 1 desperate 4
          # only dead disks are lost; one that is down for a while still counts
          MultipleHosts()  | 2 | h1[1X:down 2_] h2[3X]                    | satisfied
          MultipleHosts()  | 2 | h1:down[1X] h2[3X] h3[5_]                | satisfied
          MultipleHosts()  | 2 | h1:dead[1X] h2[3X] h3[5_]                | satisfied
          # one copy is all that is wanted
          MultipleHosts()  | 1 | h1[1X] h2[2_]                            | satisfied
          MultipleHosts()  | 1 | h1[1X 2X] h2[3_]                         | excess
          MultipleHosts()  | 1 | h1[1X:dead] h2[3_]                       | ideal 3
          # the policy's own number goes before that of the class
          MultipleHosts(3) | 1 | h1[1X] h2[2_] h3[3X]                     | ideal 2
          MultipleHosts(1) | 3 | h1[1X] h2[2_] h3[3_]                     | satisfied
          # one host: two disks of it are better than one
          MultipleHosts()  | 2 | h1[1X 2_ 3_]                             | ideal 2 3
          MultipleHosts()  | 3 | h1[1X 2X]                                | satisfied
          MultipleHosts()  | 2 | h1[1X]                                   | impossible
          # disks that may not be written are no candidates and no hosts to wait for
          MultipleHosts()  | 2 | h1[1X] h2[2_:readonly 3_:drain 4_:down]  | impossible
          MultipleHosts()  | 2 | h1[1X 2X] h2[3_:drain]                   | satisfied
          MultipleHosts()  | 2 | h1[1X] h2:readonly[3_] h3[4_]            | ideal 4
          MultipleHosts()  | 2 | h1[1_] h2[2_]                            | ideal 1 2
          MultipleDevices()  | 2 | h1[1X 2X] h2[3_]                       | satisfied
          MultipleDevices()  | 2 | h1[1X 2_] h2[3_]                       | ideal 2 3
          MultipleDevices(1) | 2 | h1[1X 2_] h2[3_]                       | satisfied
          MultipleDevices()  | 2 | h1[1X 2X] h2[3X]                       | excess
          MultipleDevices()  | 3 | h1[1X 2X]                              | satisfied
          MultipleDevices()  | 2 | h1[1X]                                 | impossible
          MultipleDevices()  | 2 | h1[1X 2X:dead 3_]                      | ideal 3
          """)
  void answers(String policy, int min, String cluster, String answer) {
    var known = (ReplicationPolicies.Parsed.Known) ReplicationPolicies.parse(policy);

    var placement =
        known.policy().place(Drawing.of(cluster).situation(min), new Random(min * 31L + 7));

    assertThat(text(placement)).isEqualTo(answer);
  }

  private static String text(Placement placement) {
    return switch (placement) {
      case Placement.Satisfied() -> "satisfied";
      case Placement.Excess() -> "excess";
      case Placement.Impossible() -> "impossible";
      case Placement.Wanted(var ideal, var desperate) ->
          (part("ideal", ideal) + " " + part("desperate", desperate)).strip();
    };
  }

  private static String part(String word, List<Device> devices) {
    var ids = devices.stream().map(device -> device.id().value()).sorted().map(String::valueOf);
    return devices.isEmpty() ? "" : word + " " + String.join(" ", ids.toList());
  }
}
