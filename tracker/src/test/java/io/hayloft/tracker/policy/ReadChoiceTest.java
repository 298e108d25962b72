package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReadChoiceTest {

  private static final Caller CLIENT = new Caller("10.9.9.9", false);
  private final RandomGenerator random = new Random(5);

  @Test
  void anIdleDiskComesFirstMoreOften() {
    // 102-95 to 102-5: 7 in 104.
    assertThat(shareOfFirst(cluster(100, "95", 100, "5"))).isBetween(0.03, 0.11);
  }

  @Test
  void decimalsOfUtilizationAreRead() {
    assertThat(shareOfFirst(cluster(100, "95.25", 100, "5.50"))).isBetween(0.03, 0.11);
  }

  @Test
  void weightsCountWhereUtilizationIsNotKnown() {
    assertThat(shareOfFirst(cluster(10, "-", 90, ""))).isBetween(0.07, 0.14);
  }

  @Test
  void aWeightOfZeroIsTheUsualOne() {
    assertThat(shareOfFirst(cluster(0, "", 100, ""))).isBetween(0.45, 0.55);
  }

  @Test
  void aNegativeWeightIsNeverRead() {
    assertThat(ReadChoice.order(cluster(-1, "", 100, ""), ids(1, 2), CLIENT, random))
        .extracting(Device::id)
        .containsExactly(new DeviceId(2));
  }

  @Test
  void aBusyDiskIsStillRead() {
    assertThat(ReadChoice.order(cluster(100, "100", 100, "103.7"), ids(1, 2), CLIENT, random))
        .hasSize(2);
  }

  @Test
  void unknownDevicesAndRepetitionsAreLeftOut() {
    assertThat(ReadChoice.order(cluster(100, "", 100, ""), ids(1, 7, 1), CLIENT, random))
        .extracting(Device::id)
        .containsExactly(new DeviceId(1));
  }

  private double shareOfFirst(ClusterView cluster) {
    int first = 0;
    for (int i = 0; i < 3000; i++) {
      var order = ReadChoice.order(cluster, ids(1, 2), CLIENT, random);
      assertThat(order).hasSize(2);
      first += order.getFirst().id().value() == 1 ? 1 : 0;
    }
    return first / 3000.0;
  }

  private static List<DeviceId> ids(Integer... numbers) {
    return Drawing.ids(numbers);
  }

  private static ClusterView cluster(int weight1, String busy1, int weight2, String busy2) {
    var devices = List.of(device(1, weight1), device(2, weight2));
    var registry = new Registry(List.of(), devices, Map.of(), new ServerSettings(Map.of()));
    var seen = Observation.NONE.with(Reach.WRITEABLE);
    return new ClusterView(
        registry,
        Set.of(),
        Map.of(
            new DeviceId(1), seen.withUtilization(busy1),
            new DeviceId(2), seen.withUtilization(busy2)),
        new ClusterView.Defaults(100, 2));
  }

  private static Device device(int id, int weight) {
    return new Device(
        new DeviceId(id), new HostId(1), DeviceStatus.ALIVE, weight, Optional.empty());
  }
}
