package io.hayloft.tracker.work.rebalance;

import static java.util.stream.Collectors.groupingBy;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.store.LocationStore;
import io.hayloft.tracker.store.LocationStore.NewCopy;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes one copy of each of many files: all for one host in one request, hosts beside each other.
 * What was made is recorded in one transaction before it counts as made.
 */
final class BatchCopying {

  /** A copy to be made of a file. */
  record Job(MovingFile file, Device from, Device to) {}

  private record Ended(Job job, Copy copy) {}

  private record Placed(Job job, Host to, Order order) {}

  private final StorageNodes nodes;
  private final LocationStore locations;
  private final Tasks tasks;
  private final RepeatedCauses causes;

  BatchCopying(StorageNodes nodes, LocationStore locations, Tasks tasks, RepeatedCauses causes) {
    this.nodes = nodes;
    this.locations = locations;
    this.tasks = tasks;
    this.causes = causes;
  }

  /** Makes the copies and tells each file what became of its. */
  void make(List<Job> jobs, ClusterView cluster) throws InterruptedException {
    var byHost = placed(jobs, cluster).stream().collect(groupingBy(Placed::to)).values();
    var ended =
        tasks.forEach(byHost, Math.max(1, byHost.size()), some -> copyAll(some, cluster)).stream()
            .flatMap(Collection::stream)
            .toList();
    var made = new ArrayList<Job>();
    var copies = new ArrayList<NewCopy>();
    for (var each : ended) {
      var job = each.job();
      switch (each.copy()) {
        case Copy.Made(var computed) -> {
          made.add(job);
          copies.add(new NewCopy(job.file().fid(), job.to().id(), computed));
        }
        case Copy.SourceFailed(var why) -> {
          job.file().sourceFailed(job.from().id());
          causes.warn(
              "cannot copy from dev" + job.from().id() + ": " + why, "fid " + job.file().fid());
        }
        case Copy.DestinationFailed(var why) -> {
          job.file().destinationFailed(job.to().id());
          causes.warn("cannot copy to dev" + job.to().id() + ": " + why, "fid " + job.file().fid());
        }
      }
    }
    var gone = locations.copied(copies);
    for (var job : made) {
      if (gone.contains(job.file().fid())) {
        job.file().end(new MoveOutcome.Away());
      } else {
        job.file().copied(job.from().id(), job.to().id());
      }
    }
  }

  private static List<Placed> placed(List<Job> jobs, ClusterView cluster) {
    var placed = new ArrayList<Placed>();
    for (var job : jobs) {
      var file = job.file();
      var from = cluster.host(job.from().host());
      var to = cluster.host(job.to().host());
      if (from.isEmpty()) {
        file.sourceFailed(job.from().id());
      } else if (to.isEmpty()) {
        file.destinationFailed(job.to().id());
      } else {
        var wanted =
            file.stored().isPresent()
                ? Optional.<HashAlgorithm>empty()
                : ReplicatePlan.terms(file.file(), cluster).hash();
        placed.add(
            new Placed(
                job,
                to.get(),
                new Order(
                    Place.of(from.get(), job.from().id(), file.fid()),
                    Place.of(to.get(), job.to().id(), file.fid()),
                    file.file().length(),
                    file.stored(),
                    wanted)));
      }
    }
    return placed;
  }

  /** Orders that nothing is heard of have no outcome, and are decided on again. */
  private Collection<Ended> copyAll(List<Placed> placed, ClusterView cluster) {
    var jobs = new IdentityHashMap<Order, Job>();
    placed.forEach(each -> jobs.put(each.order(), each.job()));
    var orders = placed.stream().map(Placed::order).toList();
    var ended = new ConcurrentLinkedQueue<Ended>();
    nodes.prepare(orders.stream().map(Order::to).toList());
    try {
      nodes.copyAll(
          orders,
          (order, copy) -> {
            var job = jobs.get(order);
            if (job != null) {
              ended.add(new Ended(job, verified(order, copy, cluster)));
            }
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  /** What was stored must be what was sent, where there is a digest to tell by. */
  private Copy verified(Order order, Copy copy, ClusterView cluster) {
    if (!(copy instanceof Copy.Made(var computed))) {
      return copy;
    }
    var right = order.known().or(() -> computed);
    if (right.isEmpty() || checkedByNode(order, cluster)) {
      return copy;
    }
    var found = nodes.digest(order.to(), right.get().algorithm(), order.length());
    if (found.equals(right)) {
      return copy;
    }
    if (found.isPresent()) {
      // Bytes that are known to be bad, and that no row names, are of no use to anybody.
      var _ = nodes.delete(order.to());
      return new Copy.DestinationFailed("stored bytes differ from those sent");
    }
    return new Copy.DestinationFailed("no digest of the stored bytes to be had");
  }

  private static boolean checkedByNode(Order order, ClusterView cluster) {
    Optional<Checksum> md5 = order.known().filter(c -> c.algorithm() == HashAlgorithm.MD5);
    return md5.isPresent()
        && cluster.observation(order.to().path().device()).rejectsBadMd5().orElse(false);
  }
}
