package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.EvenPlan;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * In any cluster, levelling by {@link EvenPlan} and {@link MovePlan} comes to an end, never names a
 * device that takes no files, never leaves a file with more or with fewer copies or in worse
 * places, and makes the cluster more even with each move.
 */
class EvenSimulationTest {

  private static final List<DeviceStatus> STATUSES =
      List.of(
          DeviceStatus.ALIVE,
          DeviceStatus.ALIVE,
          DeviceStatus.ALIVE,
          DeviceStatus.ALIVE,
          DeviceStatus.READONLY,
          DeviceStatus.DRAIN,
          DeviceStatus.DOWN,
          DeviceStatus.DEAD);
  private static final int COPIES = 2;
  private static final long MIB = 1L << 20;

  private final MovePlan moves = new MovePlan(ReplicationPolicies.builtIn());

  private static final class Run {
    final Random random;
    final List<Host> hosts = new ArrayList<>();
    final Map<DeviceId, Device> devices = new TreeMap<>();
    final Map<Fid, Set<DeviceId>> files = new TreeMap<>();
    final ClusterView cluster;
    final EvenPlan plan;
    int count;

    Run(long seed) {
      random = new Random(seed);
      var observations = new HashMap<DeviceId, Observation>();
      int number = 1;
      for (int h = 1; h <= 1 + random.nextInt(4); h++) {
        var id = new HostId(h);
        hosts.add(new Host(id, "h" + h, HostStatus.ALIVE, HostAddresses.of("10.0.0." + h, 7500)));
        for (int d = 0; d <= random.nextInt(3); d++) {
          var status = STATUSES.get(random.nextInt(STATUSES.size()));
          var device = new DeviceId(number++);
          long total = 1_000 + random.nextLong(3_000);
          var space = new Space(total, random.nextLong(total - 200), 1);
          devices.put(device, new Device(device, id, status, 100, Optional.of(space)));
          observations.put(
              device,
              Observation.NONE.with(
                  random.nextInt(8) == 0 || !status.readable()
                      ? Reach.UNREACHABLE
                      : Reach.WRITEABLE));
        }
      }
      cluster =
          new ClusterView(
              new Registry(
                  hosts, List.copyOf(devices.values()), Map.of(), new ServerSettings(Map.of())),
              Set.copyOf(hosts.stream().map(Host::id).toList()),
              observations,
              new ClusterView.Defaults(100, COPIES));
      var ids = List.copyOf(devices.keySet());
      for (int i = 1; i <= 60; i++) {
        var on = new HashSet<DeviceId>();
        for (int c = 0; c < 1 + random.nextInt(3); c++) {
          on.add(ids.get(random.nextInt(ids.size())));
        }
        files.put(new Fid(i), on);
      }
      plan = new EvenPlan(EvenPlan.levels(cluster), 1);
    }
  }

  private static StoredFile file(Fid fid, long length) {
    return new StoredFile(
        fid,
        new StoredFile.Name(new DomainId(1), new Key("k" + fid)),
        length,
        ClassId.DEFAULT,
        COPIES);
  }

  private boolean isEnough(Run run, Set<DeviceId> on) {
    var policy =
        ((ReplicationPolicies.Parsed.Known) ReplicationPolicies.builtIn().parse("")).policy();
    return policy.isEnough(new Situation(run.cluster, on, Set.of(), COPIES), run.random);
  }

  private boolean step(Run run) {
    for (var giver : run.plan.givers()) {
      for (var entry : run.files.entrySet()) {
        var on = entry.getValue();
        long length = (1 + entry.getKey().value() % 40) * MIB;
        var takers = Set.copyOf(run.plan.takers(giver, length));
        if (!on.contains(giver) || takers.isEmpty()) {
          continue;
        }
        var task = new Task(file(entry.getKey(), length), on, giver, takers);
        switch (moves.decide(task, Set.of(), run.cluster, run.random)) {
          case Next.Keep _ -> {}
          case Next.Remove() -> {
            on.remove(giver);
            assertThat(isEnough(run, on)).as("the others are enough").isTrue();
            run.plan.move(giver, Optional.empty(), length);
            return true;
          }
          case Next.CopyTo(var to) -> {
            if (copy(run, giver, to, on, length)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private boolean copy(Run run, DeviceId giver, Device to, Set<DeviceId> on, long length) {
    assertThat(run.cluster.shouldGetNewFiles(to)).as("takes files: %s", to).isTrue();
    assertThat(on).doesNotContain(to.id());
    var others = new HashSet<>(on);
    others.add(to.id());
    others.remove(giver);
    if (!moves.mayRemove(file(new Fid(1), length), giver, others, run.cluster, run.random)) {
      return false;
    }
    int copies = on.size();
    on.add(to.id());
    on.remove(giver);
    assertThat(on).hasSize(copies);
    assertThat(isEnough(run, on)).as("well kept").isTrue();
    run.plan.move(giver, Optional.of(to.id()), length);
    return true;
  }

  @Property(tries = 500)
  void itEndsAndFilesAreKeptAsWellAsBefore(@ForAll long seed) {
    var run = new Run(seed);
    double before = run.plan.deviation();

    while (step(run)) {
      run.count++;
      assertThat(run.count).as("it ends").isLessThan(2_000);
    }

    assertThat(run.plan.deviation()).isLessThanOrEqualTo(before + 1e-9);
    assertThat(run.files.values()).noneMatch(Set::isEmpty);
  }

  /** Two or more devices between a tenth and nine tenths full, and files of one MiB. */
  private static List<EvenPlan.Level> levels(Random random) {
    var levels = new ArrayList<EvenPlan.Level>();
    for (int device = 1; device <= 2 + random.nextInt(7); device++) {
      long total = (1_000 + random.nextLong(2_000)) * MIB;
      long used = total / 10 + random.nextLong(total * 8 / 10);
      levels.add(new EvenPlan.Level(new DeviceId(device), total, used));
    }
    return levels;
  }

  private static List<Double> fills(List<EvenPlan.Level> levels, Map<DeviceId, Long> used) {
    return levels.stream()
        .map(level -> (double) used.getOrDefault(level.device(), 0L) / (double) level.total())
        .sorted()
        .toList();
  }

  /**
   * A job may be stopped at any time, and what it has moved until then went where the need was
   * greatest: each device has its turn once at most before the fullest of all is emptier than it
   * was and the emptiest fuller. Nothing is moved twice.
   */
  @Property(tries = 200)
  void theFullestBecomesEmptierAndTheEmptiestFullerFromTheFirstMoveOn(@ForAll long seed) {
    var levels = levels(new Random(seed));
    var plan = new EvenPlan(levels, 2);
    var used = new TreeMap<DeviceId, Long>();
    levels.forEach(level -> used.put(level.device(), level.used()));
    double excess =
        levels.stream()
            .mapToDouble(level -> Math.max(0, level.used() - plan.mean() * level.total()))
            .sum();

    long moves = 0;
    while (!plan.isEven()) {
      var before = fills(levels, used);
      for (int turn = 0; turn < levels.size() && !plan.isEven(); turn++) {
        var from = plan.givers().getFirst();
        var to = plan.takers(from, MIB).getFirst();
        plan.move(from, Optional.of(to), MIB);
        used.merge(from, -MIB, Long::sum);
        used.merge(to, MIB, Long::sum);
        moves++;
      }
      if (!plan.isEven()) {
        assertThat(fills(levels, used).getLast()).as("fullest").isLessThan(before.getLast());
        assertThat(fills(levels, used).getFirst()).as("emptiest").isGreaterThan(before.getFirst());
      }
      assertThat((double) (moves * MIB)).as("bytes").isLessThan(excess + levels.size() * MIB);
    }
  }
}
