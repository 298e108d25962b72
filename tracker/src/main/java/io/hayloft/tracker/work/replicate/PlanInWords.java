package io.hayloft.tracker.work.replicate;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What {@link ReplicatePlan} says of a file at this moment, as a sentence. */
public final class PlanInWords {

  private final ReplicatePlan plan;
  private final RandomGenerator random;

  public PlanInWords(ReplicationPolicies policies, RandomGenerator random) {
    this.plan = new ReplicatePlan(policies);
    this.random = random;
  }

  /** What is to be done next; nothing is. */
  public String next(StoredFile file, Set<DeviceId> on, ClusterView view) {
    return switch (plan.decide(new Task(file, on, Optional.empty()), view, Avoid.NOTHING, random)) {
      case Next.Done() -> "nothing: it has the copies that its class asks for";
      case Next.Copy(var from, var to) ->
          "copy from dev" + from.id() + " to dev" + to.id() + " or a place as good";
      case Next.RemoveSurplus(var candidates) ->
          "remove the copy on dev"
              + candidates.stream()
                  .map(Device::id)
                  .map(DeviceId::toString)
                  .collect(joining(" or dev"))
              + ", which is one too many";
      case Next.WaitFor(var cause) -> "wait: " + words(cause);
    };
  }

  private static String words(ReplicatePlan.Cause cause) {
    return switch (cause) {
      case NO_SOURCE -> "no copy is known, somebody must look (fsck searches for it)";
      case SOURCE_DOWN -> "no device with a copy can be read";
      case NO_DESTINATION -> "no device that the policy allows can take a copy";
      case SLOW_NODES -> "the nodes that could be used are slow at the moment";
      case SURPLUS_STAYS -> "there are too many copies, and none that can go";
      case UNKNOWN_POLICY -> "the policy of its class cannot be read";
    };
  }
}
