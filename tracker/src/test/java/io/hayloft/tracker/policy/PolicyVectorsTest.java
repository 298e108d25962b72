package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
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
          MultipleHosts()  | 2 | h1[1X 2X 5_] h2:down[3_ 4_]              | impossible
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
  void answersForHostsAndDevices(String policy, int min, String cluster, String answer) {
    assertThat(answer(policy, min, cluster)).isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}, {1}: {2} -> {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a new network first, then a new host of the same, then the same host
          MultipleNetworks()  | 2 | h1@a[1X 2_] h2@a[3_] h3@b[4_]         | ideal 4 desperate 2 3
          MultipleNetworks()  | 2 | h1@a[1X] h2@b[2X] h3@c[3_]            | satisfied
          MultipleNetworks()  | 2 | h1@a[1X] h2@a[2X] h3@b[3_]            | ideal 3
          MultipleNetworks()  | 2 | h1@a[1X] h2@a[2X] h3@b:down[3_]       | impossible
          MultipleNetworks()  | 2 | h1@a[1X] h2@a[2_] h3@b:down[3_]       | desperate 2
          MultipleNetworks()  | 2 | h1@a[1X 4_] h2@a[2X] h3@b:down[3_]    | impossible
          MultipleNetworks()  | 2 | h1@a[1X] h2@a[2X] h3@b[3X]            | excess
          MultipleNetworks()  | 1 | h1@a[1X] h2@b[2_]                     | satisfied
          MultipleNetworks(2) | 1 | h1@a[1X] h2@b[2_]                     | ideal 2
          # all networks are used: hosts are spread over
          MultipleNetworks()  | 2 | h1@a[1X] h2@a[2X]                     | satisfied
          MultipleNetworks()  | 2 | h1@a[1X 2_] h2@a[3_]                  | ideal 3 desperate 2
          MultipleNetworks()  | 2 | h1@a[1X 2_]                           | ideal 2
          MultipleNetworks()  | 3 | h1@a[1X 2_] h2@a[3_] h3@b[4X] h4@b[6_] | ideal 3 6 desperate 2
          MultipleNetworks()  | 3 | h1@a[1X 2X] h2@b[3X] h3@b[4_]         | ideal 4
          # addresses in no zone are neighbours by their first two numbers
          MultipleNetworks()  | 2 | h1[1X] h2[2_] h3@7[3_]                | ideal 3 desperate 2
          MultipleNetworks()  | 2 | h1@7[1X] h2@8[2X] h3@7[3_]            | satisfied
          """)
  void answersForNetworks(String policy, int min, String cluster, String answer) {
    assertThat(answer(policy, min, cluster)).isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # the zone with the fewest copies is served first
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2_] h3@b[3_]            | ideal 3
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2_] h3@b[3X]            | ideal 2
          HostsPerNetwork(a=2, b=1) | h1@c[1X] h2@a[2_] h3@a[3_] h4@b[4_]   | ideal 2 3
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2X] h3@b[3X]            | satisfied
          # what the class says does not count, which is 5 here
          HostsPerNetwork(a=1)      | h1@a[1X] h2@a[2_] h3@b[3_]            | satisfied
          # a zone with fewer hosts has copies on as many devices
          HostsPerNetwork(a=2, b=1) | h1@a[1X 4_] h3@b[3X]                  | ideal 4
          HostsPerNetwork(a=2, b=1) | h1@a[1X 4_] h2@a:down[2_] h3@b[3X]    | desperate 4
          HostsPerNetwork(a=2, b=1) | h1@a[1X 4X] h3@b[3X]                  | satisfied
          # too many, but only once all zones have theirs
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2X] h3@b[3X 4X]         | excess
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2X] h3@b[3X] h4@c[4X]   | excess
          HostsPerNetwork(a=2, b=1) | h1@a[1X] h2@a[2X] h3@b[3X] h4[4X]     | excess
          HostsPerNetwork(a=2, b=1) | h1@a[1X 4X 5X] h2@a[2_] h3@b[3X]      | ideal 2
          HostsPerNetwork(a=2, b=1) | h1@a[1X 4X 5X] h2@a[2X] h3@b:down[3_] | impossible
          # a zone that nobody has set up
          HostsPerNetwork(z=1)      | h1@a[1X] h2@a[2_]                     | impossible
          HostsPerNetwork(z=1)      | h1@a[1X] h2@b[2X]                     | impossible
          """)
  void answersForHostsInZones(String policy, String cluster, String answer) {
    assertThat(answer(policy, 5, cluster)).isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Union(MultipleHosts(2), HostsPerNetwork(b=1))      | h1@a[1X] h2@a[2_] h3@b[3_]       | ideal 2 3
          Union(MultipleDevices(2), MultipleHosts(2))        | h1[1X 2X] h2[3_]                 | ideal 3
          Union(MultipleHosts(2), MultipleDevices(3))        | h1[1X 2_] h2[3X]                 | ideal 2
          # what is too much for one is just enough for the other
          Union(MultipleHosts(2), MultipleDevices(3))        | h1[1X 2X] h2[3X]                 | satisfied
          Union(MultipleHosts(3), HostsPerNetwork(a=1, b=1)) | h1@a[1X] h2@a[2X] h3@b[3X]       | satisfied
          Union(MultipleHosts(3), HostsPerNetwork(a=1, b=1)) | h1@a[1X] h2@a[2X 4X] h3@b[3X]    | excess
          Union(MultipleHosts(2), MultipleDevices(2))        | h1[1X] h2[2X] h3[3X]             | excess
          # of too many, the one in a network that has two does not count
          Union(MultipleNetworks(2), MultipleDevices(1))     | h1@a[1X] h2@a[2X] h3@b[3X]       | excess
          # many copies in poor places are not enough
          Union(MultipleHosts(2), MultipleDevices(3))        | h1[1X 2X 4X] h2[3_]              | ideal 3
          Union(MultipleHosts(2), MultipleDevices(3))        | h1[1X 2X 4X 5_] h2:down[3_]      | impossible
          # one that cannot be helped does not keep the other from its copies, nor takes them away
          Union(HostsPerNetwork(z=1), MultipleHosts(2))      | h1@a[1X] h2@a[2_]                | ideal 2
          Union(HostsPerNetwork(z=1), MultipleHosts(2))      | h1@a[1X] h2@a[2X] h3@a[3X]       | impossible
          Union(MultipleHosts(2), Union(HostsPerNetwork(b=1), MultipleDevices(1))) | h1@b[1X] h2@a[2_] | ideal 2
          """)
  void answersForUnions(String policy, String cluster, String answer) {
    assertThat(answer(policy, 5, cluster)).isEqualTo(answer);
  }

  @Test
  void aPlaceThatServesSeveralMembersOfAUnionComesFirst() {
    var elsewhere = new StringBuilder("h2@a[");
    for (int disk = 100; disk < 150; disk++) {
      elsewhere.append(disk).append("_ ");
    }
    var cluster = "h1@a[1X] " + elsewhere + "] h3@b[3_]";
    var union = policy("Union(MultipleHosts(2), HostsPerNetwork(b=1))");

    for (int seed = 0; seed < 20; seed++) {
      assertThat(union.place(Drawing.of(cluster).situation(2), new Random(seed)))
          .isInstanceOfSatisfying(
              Placement.Wanted.class,
              wanted -> assertThat(wanted.best().id().value()).isEqualTo(3));
    }
  }

  @Test
  void aUnionKeepsACopyThatOneMemberDoesNotCallTooMany() {
    ReplicationPolicy content = (situation, random) -> new Placement.Satisfied();
    var one = policy("MultipleDevices(1)");
    var situation = Drawing.of("h1[1X] h2[2X]").situation(2);

    assertThat(new Union(List.of(one, content)).place(situation, new Random(1)))
        .isEqualTo(new Placement.Satisfied());
    assertThat(new Union(List.of(one, one)).place(situation, new Random(1)))
        .isEqualTo(new Placement.Excess());
  }

  private static String answer(String policy, int min, String cluster) {
    var situation = Drawing.of(cluster).situation(min);
    return text(policy(policy).place(situation, new Random(min * 31L + 7)));
  }

  private static ReplicationPolicy policy(String text) {
    return ((ReplicationPolicies.Parsed.Known) ReplicationPolicies.builtIn().parse(text)).policy();
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
