package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UploadChoiceTest {

  private static final Caller CLIENT = new Caller("10.9.9.9", false);
  private static final OptionalLong ANY_SIZE = OptionalLong.empty();
  private final RandomGenerator random = new Random(11);

  @Test
  void severalDestinationsAreOnDifferentHosts() {
    var cluster = Drawing.of("h1[4_ 5_] h2[1_ 6_] h4[2_ 7_]").cluster();

    for (int i = 0; i < 100; i++) {
      assertThat(UploadChoice.choose(cluster, ANY_SIZE, 3, CLIENT, random))
          .extracting(Device::host)
          .hasSize(3)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void fewerHostsMeanFewerDestinations() {
    var cluster = Drawing.of("h1[1_ 2_] h2[3_ 4_]").cluster();

    assertThat(UploadChoice.choose(cluster, ANY_SIZE, 3, CLIENT, random)).hasSize(2);
  }

  @Test
  void manyEmptyDisksOfOneHostDoNotHideTheOthers() {
    var space = new HashMap<Integer, Space>();
    for (int disk = 1; disk <= 30; disk++) {
      space.put(disk, new Space(1000, 1, 1));
    }
    space.put(100, new Space(1000, 800, 1));

    assertThat(UploadChoice.choose(cluster(space), ANY_SIZE, 2, CLIENT, random))
        .extracting(Device::host)
        .containsExactlyInAnyOrder(new HostId(1), new HostId(10));
  }

  @Test
  void onlyDevicesThatTakeNewFilesAreChosen() {
    var cluster =
        Drawing.of("h1[1_:readonly 2_:drain 3_:down 4_:dead] h2:readonly[5_] h3:down[6_]")
            .cluster();

    assertThat(UploadChoice.choose(cluster, ANY_SIZE, 3, CLIENT, random)).isEmpty();
  }

  @Test
  void aDeviceOfUnknownOrNoSpaceIsNotChosen() {
    var space = new HashMap<Integer, Space>();
    space.put(1, new Space(100_000, 100_000, 1));
    space.put(11, new Space(100_000, 99_950, 1));
    space.put(21, null);

    assertThat(UploadChoice.choose(cluster(space), ANY_SIZE, 3, CLIENT, random)).isEmpty();
  }

  @Test
  void aDeviceOfUnknownSpaceIsNotChosenForWantOfRoomElsewhereEither() {
    var space = new HashMap<Integer, Space>();
    space.put(1, new Space(1000, 500, 1));
    space.put(11, null);

    assertThat(UploadChoice.choose(cluster(space), OptionalLong.of(600L << 20), 1, CLIENT, random))
        .isEmpty();
    assertThat(UploadChoice.choose(cluster(space), ANY_SIZE, 2, CLIENT, random)).hasSize(1);
  }

  @Test
  void onlyTheEmptiestTwentyAreChosenWhileTheyHaveRoom() {
    var space = new HashMap<Integer, Space>();
    for (int disk = 1; disk <= 30; disk++) {
      space.put(disk, new Space(1000, disk * 10L, 1));
    }

    for (int i = 0; i < 200; i++) {
      assertThat(UploadChoice.choose(cluster(space), ANY_SIZE, 1, CLIENT, random))
          .allMatch(device -> device.id().value() <= 20);
    }
  }

  @Test
  void aSizeLeavesOutDevicesWithoutRoom() {
    var cluster = cluster(Map.of(1, new Space(1000, 800, 1), 11, new Space(1000, 500, 1)));

    for (int i = 0; i < 50; i++) {
      assertThat(UploadChoice.choose(cluster, OptionalLong.of(300L << 20), 2, CLIENT, random))
          .extracting(device -> device.id().value())
          .containsExactly(11);
    }
    assertThat(UploadChoice.choose(cluster, OptionalLong.of(500L << 20), 2, CLIENT, random))
        .isEmpty();
    assertThat(UploadChoice.choose(cluster, OptionalLong.of((500L << 20) - 1), 2, CLIENT, random))
        .hasSize(1);
  }

  @Test
  void sharesFollowHowEmptyTheDevicesAre() {
    var cluster = cluster(Map.of(1, new Space(1000, 200, 1), 11, new Space(1000, 800, 1)));
    int first = 0;
    for (int i = 0; i < 4000; i++) {
      var chosen = UploadChoice.choose(cluster, ANY_SIZE, 1, CLIENT, random).getFirst();
      first += chosen.id().value() == 1 ? 1 : 0;
    }

    // 0.8 to 0.2; five standard deviations of 4000 draws are 0.032.
    assertThat(first / 4000.0).isBetween(0.768, 0.832);
  }

  /** Devices 1 to 9 sit in host 1, 10 and up in host 10, and so on; a null is an unknown space. */
  private static ClusterView cluster(Map<Integer, Space> spaces) {
    var hosts = new HashMap<HostId, Host>();
    var devices = new ArrayList<Device>();
    var observations = new HashMap<DeviceId, Observation>();
    spaces.forEach(
        (number, space) -> {
          var host = new HostId(number < 100 && spaces.size() > 20 ? 1 : Math.max(1, number / 10));
          var id = new DeviceId(number);
          hosts.put(
              host,
              new Host(host, "h" + host, HostStatus.ALIVE, HostAddresses.of("10.0.0.1", 7500)));
          devices.add(new Device(id, host, DeviceStatus.ALIVE, 100, Optional.ofNullable(space)));
          observations.put(id, Observation.NONE.with(Reach.WRITEABLE));
        });
    return new ClusterView(
        new Registry(List.copyOf(hosts.values()), devices, Map.of(), new ServerSettings(Map.of())),
        new HashSet<>(hosts.keySet()),
        observations,
        new ClusterView.Defaults(100, 2));
  }
}
