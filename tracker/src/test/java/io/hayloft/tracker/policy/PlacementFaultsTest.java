package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What once went wrong with the places of copies in stores of this kind. */
class PlacementFaultsTest {

  private final RandomGenerator random = new Random(9);

  private static ReplicationPolicy policy(String text) {
    return ((ReplicationPolicies.Parsed.Known) ReplicationPolicies.builtIn().parse(text)).policy();
  }

  private Placement place(String policy, int min, String drawn) {
    return policy(policy).place(Drawing.of(drawn).situation(min), random);
  }

  private static String disks(int from, int to, String mark) {
    return IntStream.range(from, to).mapToObj(disk -> disk + mark).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MultipleHosts()", "MultipleDevices()", "MultipleNetworks()"})
  void manyDeadDevicesDoNotHideTheAliveOnes(String policy) {
    var drawn = "h1[1X] h2[" + disks(100, 180, "_:dead") + "] h3[3_]";

    assertThat(place(policy, 2, drawn))
        .isInstanceOfSatisfying(
            Placement.Wanted.class, wanted -> assertThat(wanted.best().id().value()).isEqualTo(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MultipleHosts()", "MultipleDevices()", "MultipleNetworks()"})
  void copiesBeyondALoweredMindevcountAreTooMany(String policy) {
    assertThat(place(policy, 2, "h1[1X] h2[2X] h3[3X]")).isEqualTo(new Placement.Excess());
    assertThat(place(policy, 1, "h1[1X] h2[2X]")).isEqualTo(new Placement.Excess());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MultipleHosts()", "MultipleDevices()", "MultipleNetworks()"})
  void oneCopyIsEnoughWhereOneIsWanted(String policy) {
    assertThat(place(policy, 1, "h1[1X] h2[2_]")).isEqualTo(new Placement.Satisfied());
    assertThat(place(policy, 1, "h1[1X]")).isEqualTo(new Placement.Satisfied());
    assertThat(place(policy, 1, "h1:down[1X:drain] h2[2_]")).isEqualTo(new Placement.Satisfied());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MultipleHosts()", "MultipleDevices()", "MultipleNetworks()"})
  void whatDrainsIsACopyAndTakesNone(String policy) {
    assertThat(place(policy, 2, "h1[1X:drain] h2[2X:drain] h3[3_]"))
        .isEqualTo(new Placement.Satisfied());
    assertThat(place(policy, 2, "h1[1X] h2[2_:drain] h3[3_]"))
        .isInstanceOfSatisfying(
            Placement.Wanted.class,
            wanted -> assertThat(wanted.ideal()).extracting(Device::id).containsOnly(id(3)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MultipleHosts()", "MultipleDevices()", "MultipleNetworks()"})
  void fewHostsDoNotMeanCopiesOnEveryDisk(String policy) {
    var drawing =
        Drawing.of("h1[1X " + disks(2, 12, "_") + "] h2:down[" + disks(20, 30, "_") + "]");
    Set<DeviceId> on = new HashSet<>(drawing.on());
    for (int step = 0; step < 30; step++) {
      var situation = new Situation(drawing.cluster(), on, Set.of(), 3);
      if (!(policy(policy).place(situation, random) instanceof Placement.Wanted wanted)) {
        break;
      }
      on.add(wanted.best().id());
    }
    assertThat(on).hasSize(3);
  }

  @Test
  void aLostHostIsNoReasonToGiveUpItsCopiesForGood() {
    assertThat(place("MultipleHosts()", 2, "h1:down[1X] h2[2X] h3[3_]"))
        .isEqualTo(new Placement.Satisfied());
  }

  private static DeviceId id(int number) {
    return new DeviceId(number);
  }
}
