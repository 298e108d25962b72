package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.RandomDrawing;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.Wish;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import io.hayloft.tracker.work.replicate.ReplicatePlanTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * In any cluster a file that is moved off a device comes to the targets alone, is never kept worse
 * than its class asks for, and loses the one copy only when the others are enough without it.
 */
class MoveSimulationTest {

  /** The class default: two copies on two hosts. */
  private static final Wish WISH = new Wish.Hosts(2);

  private static final int MOST_STEPS = 20;

  private final MovePlan plan = new MovePlan(ReplicationPolicies.builtIn());

  @Property(tries = 3000)
  void aMoveEndsAndLeavesAFileNoWorseKept(@ForAll long seed) {
    var random = new Random(seed);
    var text = RandomDrawing.text(random);
    var drawing = Drawing.of(text);
    var cluster = drawing.cluster();
    if (drawing.on().isEmpty()) {
      return;
    }
    var on = new HashSet<>(drawing.on());
    var off = List.copyOf(on).get(random.nextInt(on.size()));
    var targets = some(cluster, random);
    Set<DeviceId> failed = new HashSet<>();

    for (int step = 0; ; step++) {
      var name = "%s off dev%s to %s, now on %s".formatted(text, off, targets, on);
      assertThat(step).as(name).isLessThan(MOST_STEPS);
      var task = new Task(ReplicatePlanTest.file(), on, off, targets);
      switch (plan.decide(task, failed, cluster, random)) {
        case Next.Keep _ -> {
          return;
        }
        case Next.Remove() -> {
          on.remove(off);
          assertThat(WISH.isMet(cluster, copies(on, cluster))).as(name).isTrue();
          return;
        }
        case Next.CopyTo(var to) -> {
          assertThat(targets).as(name).contains(to.id());
          assertThat(on).as(name).doesNotContain(to.id());
          assertThat(failed).as(name).doesNotContain(to.id());
          assertThat(RandomDrawing.isGoodDestination(to, cluster)).as(name).isTrue();
          assertThat(WISH.isMet(cluster, copies(without(on, off), cluster)))
              .as("a copy that is not needed: %s", name)
              .isFalse();
          (random.nextInt(4) == 0 ? failed : on).add(to.id());
        }
      }
    }
  }

  private static Set<DeviceId> some(ClusterView cluster, Random random) {
    var some = new HashSet<DeviceId>();
    for (var device : new ArrayList<>(cluster.devices())) {
      if (random.nextBoolean()) {
        some.add(device.id());
      }
    }
    return some;
  }

  private static Set<DeviceId> without(Set<DeviceId> devices, DeviceId one) {
    var fewer = new HashSet<>(devices);
    fewer.remove(one);
    return fewer;
  }

  private static List<Device> copies(Set<DeviceId> on, ClusterView cluster) {
    return on.stream()
        .filter(cluster::countsAsCopy)
        .map(id -> cluster.device(id).orElseThrow())
        .toList();
  }
}
