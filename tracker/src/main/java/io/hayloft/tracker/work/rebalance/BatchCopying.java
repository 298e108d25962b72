package io.hayloft.tracker.work.rebalance;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.NewCopy;
import io.hayloft.tracker.work.replicate.CopyMaking;
import io.hayloft.tracker.work.replicate.CopyRequests;
import io.hayloft.tracker.work.replicate.CopyRequests.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one copy of each of many files, by the requests that replication makes its copies by: so
 * the bounds of devices hold for both together, and a file that lacks copies comes before one that
 * is only to be moved. What was made is recorded in one transaction before it counts as made.
 */
final class BatchCopying {

  /** Behind all files that lack copies. */
  private static final int LAST = 1000;

  /** A copy to be made of a file. */
  record Job(MovingFile file, Device from, Device to) {}

  /** What copying works with. */
  record Ports(CopyRequests requests, CopyMaking copies, ReplicationStore replication) {}

  /**
   * @param copy empty when it was not begun
   */
  private record Ended(Job job, Optional<Copy> copy) {}

  private final Cluster cluster;
  private final Ports ports;
  private final Tasks tasks;
  private final RepeatedCauses causes;

  BatchCopying(Cluster cluster, Ports ports, Tasks tasks, RepeatedCauses causes) {
    this.cluster = cluster;
    this.ports = ports;
    this.tasks = tasks;
    this.causes = causes;
  }

  /** Makes the copies and tells each file what became of its. */
  void make(List<Job> jobs, ClusterView view) throws InterruptedException {
    if (jobs.isEmpty()) {
      return;
    }
    var made = new ArrayList<Job>();
    var copies = new ArrayList<NewCopy>();
    for (var each : tasks.forEach(jobs, jobs.size(), job -> new Ended(job, copy(job, view)))) {
      var job = each.job();
      switch (each.copy().orElse(null)) {
        case Copy.Made(var computed) -> {
          made.add(job);
          copies.add(new NewCopy(job.file().fid(), job.to().id(), computed, Optional.empty()));
        }
        case Copy.SourceFailed(var why) -> {
          job.file().sourceFailed(job.from().id());
          report("cannot copy from dev" + job.from().id() + ": " + why, job);
        }
        case Copy.DestinationFailed(var why) -> {
          job.file().destinationFailed(job.to().id());
          report("cannot copy to dev" + job.to().id() + ": " + why, job);
        }
        case null -> {}
      }
    }
    record(made, copies);
  }

  private void record(List<Job> made, List<NewCopy> copies) {
    if (copies.isEmpty()) {
      return;
    }
    var gone = ports.replication().record(copies);
    for (var job : made) {
      if (gone.contains(job.file().fid())) {
        job.file().end(new MoveOutcome.Away());
      } else {
        job.file().copied(job.from().id(), job.to().id());
      }
    }
  }

  private void report(String cause, Job job) {
    causes.warn(cause, "fid " + job.file().fid());
  }

  private Optional<Copy> copy(Job job, ClusterView view) {
    var file = job.file();
    try {
      var order = ports.copies().order(file.file(), file.stored(), job.from(), job.to(), view);
      int after = LAST + file.task().on().size();
      return switch (ports.requests().copy(order, after, () -> isStillGood(job))) {
        case Answer.Ended(var copy, var _) ->
            Optional.of(ports.copies().verified(order, copy, view));
        case Answer.Stale(), Answer.Crowded() -> Optional.empty();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The wait for a turn may have been long. */
  private boolean isStillGood(Job job) {
    var now = cluster.view();
    return now.device(job.from().id()).filter(now::shouldRead).isPresent()
        && now.device(job.to().id()).filter(now::shouldGetNewFiles).isPresent();
  }
}
