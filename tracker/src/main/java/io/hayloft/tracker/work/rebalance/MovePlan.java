package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.Placement;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What to do next for one file that is to be moved off a device. Pure. A file is moved only where
 * it is at least as well kept afterwards: the others alone must satisfy its policy, and of the
 * places that the policy would choose one must be among the targets.
 */
final class MovePlan {

  /**
   * A file to be moved.
   *
   * @param on where it is believed to be
   * @param off the device it shall leave
   * @param targets where it may go
   */
  record Task(StoredFile file, Set<DeviceId> on, DeviceId off, Set<DeviceId> targets) {

    Task {
      on = Set.copyOf(on);
      targets = Set.copyOf(targets);
    }
  }

  /** What to do next. */
  sealed interface Next {

    /** The others are enough: the copy can go. */
    record Remove() implements Next {}

    record CopyTo(Device to) implements Next {}

    /** The file stays where it is. */
    record Keep(String why) implements Next {}
  }

  private final ReplicationPolicies policies;

  MovePlan(ReplicationPolicies policies) {
    this.policies = policies;
  }

  /**
   * What is lacking without the copy that shall go: others that are many but in poor places are not
   * enough.
   *
   * @param failed devices that did not take this file
   */
  Next decide(Task task, Set<DeviceId> failed, ClusterView cluster, RandomGenerator random) {
    var terms = ReplicatePlan.terms(task.file(), cluster);
    return switch (policies.parse(terms.policyText())) {
      case Parsed.Unknown(var reason) -> new Next.Keep(reason);
      case Parsed.Known(var policy) ->
          next(
              policy.lacking(
                  new Situation(cluster, task.on(), failed, terms.mindevcount())
                      .without(task.off()),
                  random),
              task.targets());
    };
  }

  /**
   * Whether a copy may go when exactly those others are known to be good: they alone must be as
   * many and as well placed as the policy asks.
   */
  boolean mayRemove(
      StoredFile file,
      DeviceId off,
      Set<DeviceId> good,
      ClusterView cluster,
      RandomGenerator random) {
    if (good.contains(off) || good.isEmpty()) {
      return false;
    }
    var terms = ReplicatePlan.terms(file, cluster);
    return policies.parse(terms.policyText()) instanceof Parsed.Known(var policy)
        && policy.isEnough(
            new Situation(cluster, good, Set.of(), terms.mindevcount()).without(off), random);
  }

  private static Next next(Placement placement, Set<DeviceId> targets) {
    return switch (placement) {
      case Placement.Satisfied(), Placement.Excess() -> new Next.Remove();
      case Placement.Impossible() -> new Next.Keep("no device can take it");
      case Placement.Wanted wanted -> {
        var places = wanted.ideal().isEmpty() ? wanted.desperate() : wanted.ideal();
        Optional<Device> place = places.stream().filter(d -> targets.contains(d.id())).findFirst();
        yield place.isPresent()
            ? new Next.CopyTo(place.get())
            : new Next.Keep("none of the targets is a good place for it");
      }
    };
  }
}
