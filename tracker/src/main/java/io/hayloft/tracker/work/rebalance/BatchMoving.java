package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.FidLeases.HeldTogether;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import io.hayloft.tracker.work.replicate.CopyMaking;
import io.hayloft.tracker.work.replicate.CopyRequests;
import io.hayloft.tracker.work.replicate.Replication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Moves many files at a time, each as {@link MovePlan} says: takes their leases, copies until the
 * others of each are enough, then removes the copies that are to go. Each step is one for all files
 * of the batch, so that the database and the nodes are asked seldom and for much. Whatever goes
 * wrong, a file keeps what it has.
 *
 * <p>Files are independent: one that cannot be moved holds up no other for longer than the node's
 * time-out. Shared by all who move files in a tracker.
 */
public final class BatchMoving {

  private static final int TRIES = 12;

  /** Files that work on at once in one part; parts go on beside each other. */
  private static final int PART = 128;

  private static final int PARTS_AT_ONCE = 4;

  /** A copy and perhaps a digest of it: each byte is read twice, on either side. */
  private static final int READINGS = 4;

  /** What moves work with. */
  public record Ports(
      StorageNodes nodes,
      FileStore files,
      ReplicationStore replication,
      Copies copies,
      ReplicationPolicies policies) {}

  /** How copies are made, as replication makes its. */
  public record Copies(CopyRequests requests, CopyMaking making) {}

  /** Who else is at files: in this tracker, and in others. */
  public record Exclusion(Replication replication, FidLeases leases) {}

  private final Cluster cluster;
  private final FileStore files;
  private final Exclusion exclusion;
  private final Tasks tasks;
  private final RandomGenerator random;
  private final MovePlan plan;
  private final BatchCopying copying;
  private final BatchRemoval removal;

  public BatchMoving(
      Cluster cluster,
      Ports ports,
      Exclusion exclusion,
      Tasks tasks,
      RandomGenerator random,
      RepeatedCauses causes) {
    this.cluster = cluster;
    this.files = ports.files();
    this.exclusion = exclusion;
    this.tasks = tasks;
    this.random = random;
    this.plan = new MovePlan(ports.policies());
    this.copying =
        new BatchCopying(
            cluster,
            new BatchCopying.Ports(
                ports.copies().requests(), ports.copies().making(), ports.replication()),
            tasks,
            causes);
    this.removal =
        new BatchRemoval(
            new BatchRemoval.Ports(ports.nodes(), ports.files(), ports.replication()),
            tasks,
            plan,
            random);
  }

  /**
   * Moves files, and says of each what became of it.
   *
   * @param ignoreMissing whether a copy that is not there counts as removed
   */
  Map<Fid, MoveOutcome> move(Collection<MoveAsk> asks, boolean ignoreMissing)
      throws InterruptedException {
    var all = List.copyOf(asks);
    var parts = new ArrayList<List<MoveAsk>>();
    for (int from = 0; from < all.size(); from += PART) {
      parts.add(all.subList(from, Math.min(all.size(), from + PART)));
    }
    var outcomes = new HashMap<Fid, MoveOutcome>();
    tasks
        .forEach(parts, PARTS_AT_ONCE, part -> movePart(part, ignoreMissing))
        .forEach(outcomes::putAll);
    return outcomes;
  }

  private Map<Fid, MoveOutcome> movePart(List<MoveAsk> asks, boolean ignoreMissing) {
    var outcomes = new HashMap<Fid, MoveOutcome>();
    var begun = new ArrayList<MoveAsk>();
    for (var ask : asks) {
      outcomes.put(ask.fid(), new MoveOutcome.Busy());
      if (exclusion.replication().begin(ask.fid())) {
        begun.add(ask);
      }
    }
    long bytes = begun.stream().mapToLong(MoveAsk::length).sum() * READINGS;
    try (var held = exclusion.leases().takeAll(begun.stream().map(MoveAsk::fid).toList(), bytes)) {
      for (var file : moveHeld(begun, ignoreMissing, held, outcomes)) {
        file.outcome().ifPresent(outcome -> outcomes.put(file.fid(), outcome));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      begun.forEach(ask -> exclusion.replication().end(ask.fid()));
    }
    return outcomes;
  }

  private List<MovingFile> moveHeld(
      List<MoveAsk> asks, boolean ignoreMissing, HeldTogether held, Map<Fid, MoveOutcome> outcomes)
      throws InterruptedException {
    var mine = asks.stream().filter(ask -> held.fids().contains(ask.fid())).toList();
    var moving = begin(mine);
    mine.forEach(ask -> outcomes.put(ask.fid(), new MoveOutcome.Away()));
    var ready = new ArrayList<MovingFile>();
    List<MovingFile> active = moving;
    for (int tries = 0; tries < TRIES && !active.isEmpty(); tries++) {
      var view = cluster.view();
      var copies = new ArrayList<BatchCopying.Job>();
      for (var file : active) {
        decide(file, view, copies, ready);
      }
      copying.make(copies, view);
      active = copies.stream().map(BatchCopying.Job::file).filter(file -> !file.isOver()).toList();
    }
    active.forEach(file -> file.end(new MoveOutcome.Kept("copies of it fail")));
    removal.remove(ready, ignoreMissing, cluster.view(), held);
    return moving;
  }

  /** The files as they are now; those that are gone or have left the device are not among them. */
  private List<MovingFile> begin(List<MoveAsk> asks) {
    var fids = asks.stream().map(MoveAsk::fid).toList();
    var located = files.locate(fids);
    var checksums = files.checksums(fids);
    var moving = new ArrayList<MovingFile>();
    for (var ask : asks) {
      var now = located.get(ask.fid());
      if (now != null && now.devices().contains(ask.off())) {
        var task = new Task(now.file(), Set.copyOf(now.devices()), ask.off(), ask.targets());
        moving.add(new MovingFile(task, Optional.ofNullable(checksums.get(ask.fid()))));
      }
    }
    return moving;
  }

  private void decide(
      MovingFile file, ClusterView view, List<BatchCopying.Job> copies, List<MovingFile> ready) {
    var off = view.device(file.task().off());
    if (off.filter(view::mayDelete).filter(view::shouldRead).isEmpty()) {
      // Copies of what cannot be removed afterwards would only be too many.
      file.end(
          new MoveOutcome.Kept("the device does not answer, or nothing may be removed from it"));
      return;
    }
    switch (plan.decide(file.task(), file.failedDestinations(), view, random)) {
      case Next.Keep(var why) -> file.end(new MoveOutcome.Kept(why));
      case Next.Remove() -> ready.add(file);
      case Next.CopyTo(var to) ->
          file.source(view, random)
              .ifPresentOrElse(
                  from -> copies.add(new BatchCopying.Job(file, from, to)),
                  () -> file.end(new MoveOutcome.Kept("no device that has it can be read")));
    }
  }
}
