package io.hayloft.tracker.work.rebalance;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.TodoStore;
import io.hayloft.tracker.store.TodoStore.Kind;
import io.hayloft.tracker.store.TodoStore.Queued;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import io.hayloft.tracker.work.replicate.CopySlots;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import io.hayloft.tracker.work.replicate.Replication;
import io.hayloft.tracker.work.replicate.SurplusRemoval;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files from the queue of moves and has {@link Moving} move each. A row goes whether or not
 * the file could be moved, because a later rebalance finds the file again; one that somebody else
 * is at comes back shortly, a few times.
 */
public final class RebalanceWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(RebalanceWorker.class);

  private static final int BATCH = 50;
  private static final int AT_ONCE = 16;
  private static final Duration CLAIM = Duration.ofSeconds(1000);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration SHORTLY = Duration.ofSeconds(10);
  private static final int PATIENCE = 30;

  /** What moves work with. */
  public record Ports(
      Stores stores,
      TodoStore todo,
      StorageNodes nodes,
      CopySlots slots,
      ReplicationPolicies policies) {}

  /** Threads, time and chance, and what this tracker is called. */
  public record Ambience(Tasks tasks, Time time, RandomGenerator random, String owner) {}

  private final Ports ports;
  private final Replication replication;
  private final Tasks tasks;
  private final RepeatedCauses causes;
  private final Workload load;
  private final FidLeases leases;
  private final Moving moving;

  /**
   * @param replication keeps the copies of one file from being made twice at a time
   * @param ignoreMissing whether a copy that is not there counts as removed
   */
  public RebalanceWorker(
      Cluster cluster,
      Ports ports,
      Replication replication,
      boolean ignoreMissing,
      Ambience ambience,
      Workload load) {
    this.ports = ports;
    this.load = load;
    this.replication = replication;
    this.tasks = ambience.tasks();
    this.causes = new RepeatedCauses(log, ambience.time());
    var stores = ports.stores();
    this.leases =
        new FidLeases(stores.leases(), ambience.owner(), ambience.time(), ambience.random());
    this.moving =
        new Moving(
            cluster,
            new Moving.Ports(ports.nodes(), stores.replication(), ports.slots(), ports.policies()),
            new SurplusRemoval(
                new SurplusRemoval.Ports(stores.files(), stores.replication()),
                ports.nodes(),
                leases,
                new ReplicatePlan(ports.policies()),
                ambience.random()),
            ignoreMissing,
            ambience.random(),
            causes);
  }

  private record Ended(Queued queued, boolean isDone) {}

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var claimed = ports.todo().claim(Kind.REBALANCE, BATCH, CLAIM);
    if (claimed.isEmpty()) {
      return Pace.rest(IDLE);
    }
    load.take(claimed.size());
    try {
      move(claimed);
    } finally {
      load.end(claimed.size());
    }
    return claimed.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }

  private void move(List<Queued> claimed) throws InterruptedException {
    var located = ports.stores().files().locate(claimed.stream().map(Queued::fid).toList());
    var ended =
        tasks
            .forEach(claimed, AT_ONCE, each -> new Ended(each, move(each, located.get(each.fid()))))
            .stream()
            .collect(Collectors.partitioningBy(Ended::isDone));
    ports.todo().done(Kind.REBALANCE, queued(ended, true));
    ports.todo().later(Kind.REBALANCE, queued(ended, false), SHORTLY);
  }

  private static List<Queued> queued(Map<Boolean, List<Ended>> ended, boolean isDone) {
    return ended.getOrDefault(isDone, List.of()).stream().map(Ended::queued).toList();
  }

  /** Whether the row can go. */
  private boolean move(Queued queued, @Nullable Located located) {
    if (located == null || queued.device().filter(located.devices()::contains).isEmpty()) {
      return true;
    }
    var fid = queued.fid();
    if (!replication.begin(fid)) {
      return queued.failures() >= PATIENCE;
    }
    try {
      return moveAlone(queued, located.file().length());
    } catch (StoreException e) {
      causes.warn("the database failed while a file was moved: " + e.getMessage(), "fid " + fid);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      replication.end(fid);
    }
  }

  private boolean moveAlone(Queued queued, long length) throws InterruptedException {
    var fid = queued.fid();
    var held = leases.take(fid, 4 * length);
    if (held.isEmpty()) {
      return queued.failures() >= PATIENCE;
    }
    try (var lease = held.get()) {
      var task = task(queued);
      if (task.isPresent()) {
        var checksum = ports.stores().files().checksums(List.of(fid)).get(fid);
        moving.move(task.get(), Optional.ofNullable(checksum), lease);
      }
      return true;
    }
  }

  /** What is to be done, as of now; nothing when the file is gone or has left the device. */
  private Optional<Task> task(Queued queued) {
    var located = ports.stores().files().locate(List.of(queued.fid())).get(queued.fid());
    if (located == null) {
      return Optional.empty();
    }
    return queued
        .device()
        .filter(located.devices()::contains)
        .map(
            off ->
                new Task(
                    located.file(),
                    Set.copyOf(located.devices()),
                    off,
                    Set.copyOf(queued.targets())));
  }
}
