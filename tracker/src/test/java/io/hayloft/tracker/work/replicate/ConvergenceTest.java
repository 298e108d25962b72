package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.RandomDrawing;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** In any cluster the plan, carried out step by step, comes to an end in a sensible place. */
class ConvergenceTest {

  private static final List<String> DEVICE_STATUSES =
      List.of("", "", "", "", ":readonly", ":drain", ":down", ":dead", ":full", ":unwriteable");
  private static final List<String> HOST_STATUSES = List.of("", "", "", ":down", ":readonly");
  private static final int WANTED = 2;

  private final ReplicatePlan plan = new ReplicatePlan(ReplicationPolicies.builtIn());

  @Property(tries = 2000)
  void thePlanComesToAnEndWithoutMakingTooMuchOrLosingAnything(@ForAll long seed) {
    var random = new Random(seed);
    var text = cluster(random);
    var drawing = Drawing.of(text);
    var cluster = drawing.cluster();
    Set<DeviceId> on = new HashSet<>(drawing.on());
    Set<DeviceId> failed = new HashSet<>();
    long counted = on.stream().filter(cluster::countsAsCopy).count();
    long most = Math.max(counted, WANTED) + 1;

    for (int step = 0; ; step++) {
      assertThat(step).as(text).isLessThan(60);
      var avoid = new Avoid(Set.of(), failed, Set.of());
      var task = new Task(ReplicatePlanTest.file(), on, Optional.empty());
      switch (plan.decide(task, cluster, avoid, random)) {
        case Next.Done() -> {
          return;
        }
        case Next.WaitFor _ -> {
          return;
        }
        case Next.Copy(var from, var to) -> {
          assertThat(on).as(text).contains(from.id()).doesNotContain(to.id());
          assertThat(cluster.shouldRead(from)).as(text).isTrue();
          assertThat(RandomDrawing.isGoodDestination(to, cluster)).as(text).isTrue();
          assertThat(failed).as(text).doesNotContain(to.id());
          (random.nextInt(4) == 0 ? failed : on).add(to.id());
          assertThat(on.stream().filter(cluster::countsAsCopy).count())
              .as(text)
              .isLessThanOrEqualTo(most);
        }
        case Next.RemoveSurplus(var candidates) -> {
          on.remove(candidates.getFirst().id());
          assertThat(on.stream().filter(cluster::countsAsCopy).count())
              .as(text)
              .isGreaterThanOrEqualTo(WANTED);
        }
      }
    }
  }

  private static String cluster(Random random) {
    var hosts = new ArrayList<String>();
    int device = 1;
    for (int host = 1; host <= 1 + random.nextInt(5); host++) {
      var devices = new ArrayList<String>();
      for (int disk = 0; disk <= random.nextInt(4); disk++) {
        devices.add(
            device++ + (random.nextInt(3) == 0 ? "X" : "_") + pick(DEVICE_STATUSES, random));
      }
      hosts.add("h" + host + pick(HOST_STATUSES, random) + devices.toString().replace(",", ""));
    }
    return String.join(" ", hosts);
  }

  private static String pick(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }
}
