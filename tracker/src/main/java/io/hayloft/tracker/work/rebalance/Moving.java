package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import io.hayloft.tracker.work.replicate.CopyMaking;
import io.hayloft.tracker.work.replicate.CopyMaking.Outcome;
import io.hayloft.tracker.work.replicate.CopySlots;
import io.hayloft.tracker.work.replicate.SurplusRemoval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Carries {@link MovePlan} out for one file: copies until the others are enough, then removes the
 * copy that is to go, while the caller holds the file's lease. Whatever goes wrong, the file keeps
 * what it has.
 */
final class Moving {

  private static final int TRIES = 12;
  private static final Duration SLOT_WAIT = Duration.ofSeconds(10);
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  /** What a move works with. */
  record Ports(
      StorageNodes nodes,
      ReplicationStore replication,
      CopySlots slots,
      ReplicationPolicies policies) {}

  private final Cluster cluster;
  private final Ports ports;
  private final SurplusRemoval removal;
  private final boolean ignoreMissing;
  private final RandomGenerator random;
  private final RepeatedCauses causes;
  private final CopyMaking copies;
  private final MovePlan plan;

  /**
   * @param ignoreMissing whether a copy that is not there counts as removed
   */
  Moving(
      Cluster cluster,
      Ports ports,
      SurplusRemoval removal,
      boolean ignoreMissing,
      RandomGenerator random,
      RepeatedCauses causes) {
    this.cluster = cluster;
    this.ports = ports;
    this.plan = new MovePlan(ports.policies());
    this.removal = removal;
    this.ignoreMissing = ignoreMissing;
    this.random = random;
    this.causes = causes;
    this.copies = new CopyMaking(ports.nodes(), ports.replication());
  }

  /**
   * Moves a file, or leaves it. One that was copied is looked at again by replication: somebody
   * else may have made a copy of it meanwhile, which would then be one too many.
   */
  void move(Task given, Optional<Checksum> stored, FidLeases.Held lease)
      throws InterruptedException {
    var last = copyAndRemove(given, stored, lease);
    if (!last.equals(given)) {
      ports.replication().enqueue(List.of(given.file().fid()), AFTERWARDS);
    }
  }

  /** What became of the file, as far as copies of it were made. */
  private Task copyAndRemove(Task given, Optional<Checksum> stored, FidLeases.Held lease)
      throws InterruptedException {
    var task = given;
    var sources = new HashSet<DeviceId>();
    var destinations = new HashSet<DeviceId>();
    for (int tries = 0; tries < TRIES; tries++) {
      var view = cluster.view();
      switch (plan.decide(task, destinations, view, random)) {
        case Next.Keep(var why) -> {
          report(why, task);
          return task;
        }
        case Next.Remove() -> {
          remove(task, stored, view, lease);
          return task;
        }
        case Next.CopyTo(var to) -> {
          var from = source(task, sources, view);
          if (from.isEmpty()) {
            report("no device that has it can be read", task);
            return task;
          }
          switch (copy(task.file(), stored, from.get(), to, view)) {
            case Outcome.Made() -> task = with(task, to.id());
            case Outcome.FileGone() -> {
              return given;
            }
            case Outcome.SourceFailed(var why) -> {
              sources.add(from.get().id());
              report("cannot copy from dev" + from.get().id() + ": " + why, task);
            }
            case Outcome.DestinationFailed(var why) -> {
              destinations.add(to.id());
              report("cannot copy to dev" + to.id() + ": " + why, task);
            }
          }
        }
      }
    }
    return task;
  }

  private static Task with(Task task, DeviceId device) {
    var on = new HashSet<>(task.on());
    on.add(device);
    return new Task(task.file(), on, task.off(), task.targets());
  }

  /** The device that it leaves is the first choice: it is to lose its files, not its peers. */
  private Optional<Device> source(Task task, Set<DeviceId> failed, ClusterView view) {
    var readable =
        new ArrayList<>(
            task.on().stream()
                .sorted()
                .filter(id -> !failed.contains(id))
                .map(view::device)
                .flatMap(Optional::stream)
                .filter(view::shouldRead)
                .toList());
    var off = readable.stream().filter(device -> device.id().equals(task.off())).findFirst();
    return off.isPresent() || readable.isEmpty()
        ? off
        : Optional.of(readable.get(random.nextInt(readable.size())));
  }

  private Outcome copy(
      StoredFile file, Optional<Checksum> stored, Device from, Device to, ClusterView view)
      throws InterruptedException {
    if (!ports.slots().acquire(from.host(), to.host(), SLOT_WAIT)) {
      return new Outcome.DestinationFailed("too much is being copied");
    }
    try {
      return copies.make(file, stored, from, to, view);
    } finally {
      ports.slots().release(from.host(), to.host());
    }
  }

  private void remove(
      Task task, Optional<Checksum> stored, ClusterView view, FidLeases.Held lease) {
    var device = view.device(task.off()).filter(view::mayDelete);
    if (device.isEmpty()) {
      report("nothing may be removed from the device that it is to leave", task);
      return;
    }
    if (!ignoreMissing && isMissing(task, device.get(), view)) {
      report("it is not on the device that it is to leave; fsck will see to it", task);
      return;
    }
    switch (removal.remove(task.file(), device.get(), stored, view, lease)) {
      case REMOVED -> {}
      case NOT_SAFE, BUSY -> report("copies on other devices are not seen to be enough", task);
    }
  }

  private boolean isMissing(Task task, Device device, ClusterView view) {
    return view.host(device.host())
        .map(host -> Place.of(host, device.id(), task.file().fid()))
        .filter(place -> ports.nodes().look(place) instanceof Presence.Missing)
        .isPresent();
  }

  private void report(String cause, Task task) {
    causes.warn("not moved off dev" + task.off() + ": " + cause, "fid " + task.file().fid());
  }
}
