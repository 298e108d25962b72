package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.ClusterView.Locality;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Netmask;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is preferred because it is near: hosts in zone a have addresses in 10.1, in b in 10.2. */
class NearnessTest {

  private static final Locality AT_HOME_IN_B = new Locality(true, Netmask.parse("10.2.0.0/16"));
  private static final Caller IN_A = new Caller("10.1.9.9", false);
  private static final Caller NOWHERE = new Caller("192.168.1.1", false);
  private static final int DRAWS = 60;

  private final RandomGenerator random = new Random(4);

  private static ClusterView cluster(String drawn, Locality locality) {
    return Drawing.of(drawn, locality).cluster();
  }

  @Test
  void aClientReadsInItsOwnZoneFirst() {
    var cluster = cluster("h1@b[1X] h2@a[2X] h3@b[3X] h4@a[4X] h5[5X]", AT_HOME_IN_B);
    var orders = new HashSet<List<Integer>>();
    for (int i = 0; i < DRAWS; i++) {
      var order = numbers(ReadChoice.order(cluster, Drawing.ids(1, 2, 3, 4, 5), IN_A, random));
      assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(2, 4);
      assertThat(order).hasSize(5);
      orders.add(order);
    }
    assertThat(orders).as("each part is in a random order").hasSizeGreaterThan(6);
  }

  @Test
  void aClientWritesInItsOwnZoneFirst() {
    var cluster = cluster("h1@b[1_] h2@a[2_ 4_] h3@b[3_] h5[5_]", AT_HOME_IN_B);
    for (int i = 0; i < DRAWS; i++) {
      var chosen = numbers(UploadChoice.choose(cluster, OptionalLong.empty(), 3, IN_A, random));
      assertThat(chosen).hasSize(3);
      assertThat(chosen.getFirst()).isIn(2, 4);
      assertThat(chosen.subList(1, 3)).as("different hosts").doesNotContain(2, 4);
    }
  }

  @Test
  void manyEmptyDisksElsewhereDoNotHideTheNearOnes() {
    var elsewhere = new StringBuilder("h1@b[");
    for (int disk = 1; disk <= 40; disk++) {
      elsewhere.append(disk).append("_ ");
    }
    var cluster = cluster(elsewhere + "] h2@a[99_]", AT_HOME_IN_B);

    assertThat(numbers(UploadChoice.choose(cluster, OptionalLong.empty(), 1, IN_A, random)))
        .containsExactly(99);
  }

  @Test
  void aClientInNoZoneHasNoPreference() {
    var cluster = cluster("h1@b[1X] h2@a[2X]", AT_HOME_IN_B);

    assertThat(firsts(cluster, NOWHERE)).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void nearIsNotToldFromFarUnlessSomebodyAsksForIt() {
    var drawing = Drawing.of("h1@b[1X] h2@a[2X]", Locality.OFF);

    assertThat(firsts(drawing.cluster(), IN_A)).containsExactlyInAnyOrder(1, 2);
    assertThat(sources(drawing)).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void copiesAreReadInTheTrackersOwnZone() {
    assertThat(sources(Drawing.of("h1@a[1X] h2@b[2X 4X] h3[3X]", AT_HOME_IN_B)))
        .containsExactlyInAnyOrder(2, 4);
  }

  @Test
  void copiesAreReadElsewhereWhereThereIsNoneAtHome() {
    assertThat(sources(Drawing.of("h1@a[1X] h2@b[2_] h3[3X]", AT_HOME_IN_B)))
        .containsExactlyInAnyOrder(1, 3);
  }

  private static List<Integer> numbers(List<Device> devices) {
    return devices.stream().map(device -> device.id().value()).toList();
  }

  private Set<Integer> firsts(ClusterView cluster, Caller client) {
    var firsts = new HashSet<Integer>();
    for (int i = 0; i < DRAWS; i++) {
      firsts.add(numbers(ReadChoice.order(cluster, Drawing.ids(1, 2), client, random)).getFirst());
    }
    return firsts;
  }

  private Set<Integer> sources(Drawing drawing) {
    var cluster = drawing.cluster();
    var readable = cluster.devices().stream().filter(d -> drawing.on().contains(d.id())).toList();
    var sources = new HashSet<Integer>();
    for (int i = 0; i < DRAWS; i++) {
      sources.add(SourceChoice.of(cluster, readable, random).id().value());
    }
    return sources;
  }
}
