package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.RandomDrawing;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.Wish;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * In any cluster with zones, a file kept by any built-in policy or union of them comes to rest in a
 * place that all its policies agree with, and on the way no removal makes any of them unhappy. What
 * the policies want is said a second time here, by {@link Wish}, as a property of the final places.
 */
class PolicySimulationTest {

  private static final DomainId DOMAIN = new DomainId(1);
  private static final int MOST_STEPS = 100;

  private final ReplicatePlan plan = new ReplicatePlan(ReplicationPolicies.builtIn());

  /** One run: a file, its policy, and what became of it so far. */
  private final class Run {
    final Random random;
    final List<Wish> wishes;
    final ClusterView cluster;
    final Set<DeviceId> on;
    final Set<DeviceId> failed = new HashSet<>();
    final String text;
    final int most;

    Run(long seed) {
      random = new Random(seed);
      wishes = Wish.some(random);
      var policy =
          wishes.size() == 1
              ? wishes.getFirst().policy()
              : "Union(" + String.join(", ", wishes.stream().map(Wish::policy).toList()) + ")";
      var drawn = RandomDrawing.text(random);
      var drawing = Drawing.of(drawn);
      text = policy + " in " + drawn;
      cluster = with(policy, drawing.cluster());
      on = new HashSet<>(drawing.on());
      cluster.devices().stream()
          .map(Device::id)
          .filter(id -> random.nextInt(12) == 0)
          .forEach(failed::add);
      int wanted = wishes.stream().mapToInt(Wish::copies).sum();
      // None of the copies it begins with need be where a policy wants one: then all are made anew.
      most = Math.max(counted(on), wanted - 1) + wanted;
    }

    int counted(Set<DeviceId> devices) {
      return (int) devices.stream().filter(cluster::countsAsCopy).count();
    }

    List<Device> copies(Set<DeviceId> devices) {
      return devices.stream()
          .filter(cluster::countsAsCopy)
          .map(id -> cluster.device(id).orElseThrow())
          .toList();
    }

    boolean allHappyWith(Set<DeviceId> devices) {
      return wishes.stream().allMatch(wish -> wish.isMet(cluster, copies(devices)));
    }

    Task task() {
      return new Task(file(), on, Optional.empty());
    }

    /** One step; false when the file has come to rest. */
    boolean step() {
      switch (plan.decide(task(), cluster, new Avoid(Set.of(), failed, Set.of()), random)) {
        case Next.Done() -> {
          assertThat(allHappyWith(on)).as("all are happy at the end: %s", this).isTrue();
          for (var copy : on) {
            assertThat(cluster.countsAsCopy(copy) && allHappyWith(without(on, copy)))
                .as("nothing is left over at the end: dev%s of %s", copy, this)
                .isFalse();
          }
          return false;
        }
        case Next.WaitFor _ -> {
          return false;
        }
        case Next.Copy(var from, var to) -> {
          copy(from, to);
          return true;
        }
        case Next.RemoveSurplus(var candidates) -> {
          return remove(candidates);
        }
      }
    }

    private void copy(Device from, Device to) {
      assertThat(on).as("%s", this).contains(from.id()).doesNotContain(to.id());
      assertThat(failed).as("%s", this).doesNotContain(to.id());
      assertThat(cluster.shouldRead(from)).as("%s", this).isTrue();
      assertThat(RandomDrawing.isGoodDestination(to, cluster))
          .as("dev%s: %s", to.id(), this)
          .isTrue();
      assertThat(allHappyWith(on)).as("a copy that nobody wants: %s", this).isFalse();
      (random.nextInt(5) == 0 ? failed : on).add(to.id());
      assertThat(counted(on)).as("copies: %s", this).isLessThanOrEqualTo(most);
    }

    private boolean remove(List<Device> candidates) {
      assertThat(candidates).as("%s", this).isNotEmpty();
      for (var candidate : candidates) {
        assertThat(on).as("%s", this).contains(candidate.id());
        assertThat(allHappyWith(without(on, candidate.id())))
            .as("all are happy without dev%s: %s", candidate.id(), this)
            .isTrue();
      }
      // Some of the others turn out not to be there: then those that are must be enough.
      for (var candidate : candidates) {
        var good = new HashSet<>(without(on, candidate.id()));
        good.removeIf(
            id -> !cluster.shouldRead(cluster.device(id).orElseThrow()) || random.nextInt(6) == 0);
        if (plan.mayRemove(task(), candidate.id(), good, cluster, random)) {
          assertThat(good).as("%s", this).isNotEmpty();
          assertThat(allHappyWith(good)).as("good ones %s: %s", good, this).isTrue();
          on.remove(candidate.id());
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return text + ", now on " + on + ", failed " + failed;
    }
  }

  @Property(tries = 4000)
  void everyFileComesToRestWhereAllItsPoliciesAgree(@ForAll long seed) {
    var run = new Run(seed);
    int steps = 0;
    while (run.step()) {
      steps++;
      assertThat(steps).as("steps: %s", run).isLessThan(MOST_STEPS);
    }
  }

  private static Set<DeviceId> without(Set<DeviceId> devices, DeviceId one) {
    var fewer = new HashSet<>(devices);
    fewer.remove(one);
    return fewer;
  }

  private static StoredFile file() {
    return new StoredFile(
        new Fid(17), new StoredFile.Name(DOMAIN, new Key("k")), 10, ClassId.DEFAULT, 1);
  }

  private static ClusterView with(String policy, ClusterView drawn) {
    var terms =
        new FileClass(
            ClassId.DEFAULT, FileClass.DEFAULT_NAME, 1, Optional.of(policy), Optional.empty());
    var registry = drawn.registry();
    return drawn.with(
        new Registry(
            List.copyOf(registry.hosts().values()),
            List.copyOf(registry.devices().values()),
            Map.of(new Domain(DOMAIN, "d"), List.of(terms)),
            registry.settings()));
  }
}
