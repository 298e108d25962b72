package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.Placement;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import io.hayloft.tracker.policy.ReplicationPolicy;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.policy.SourceChoice;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What to do next for one file that may lack copies, or have too many. Pure: the same situation and
 * random numbers give the same answer.
 */
public final class ReplicatePlan {

  /** Why nothing can be done for a file at this moment. */
  enum Cause {
    /** No location is known: a person must look. */
    NO_SOURCE,
    SOURCE_DOWN,
    NO_DESTINATION,
    /** What could be used has just taken very long for another file. */
    SLOW_NODES,
    /** There are too many copies, and none that can go. */
    SURPLUS_STAYS,
    UNKNOWN_POLICY
  }

  /** What to do next. */
  sealed interface Next {

    record Done() implements Next {}

    record Copy(Device from, Device to) implements Next {}

    /** One of these copies may go, the best to remove first, if the others turn out to be there. */
    record RemoveSurplus(List<Device> candidates) implements Next {}

    record WaitFor(Cause cause) implements Next {}
  }

  /**
   * A file to be seen to.
   *
   * @param on where it is believed to be
   * @param from where to copy from if that is possible
   */
  record Task(StoredFile file, Set<DeviceId> on, Optional<DeviceId> from) {

    Task {
      on = Set.copyOf(on);
    }

    Task with(DeviceId device) {
      var more = new HashSet<>(on);
      more.add(device);
      return new Task(file, more, from);
    }

    Task onlyOn(Set<DeviceId> devices) {
      return new Task(file, devices, from);
    }
  }

  /**
   * What is not to be used.
   *
   * @param sources devices that this file could not be read from
   * @param destinations devices that did not take this file
   * @param slow devices that keep others waiting at the moment: not used, but not replaced by a
   *     worse place either
   */
  record Avoid(Set<DeviceId> sources, Set<DeviceId> destinations, Set<DeviceId> slow) {

    static final Avoid NOTHING = new Avoid(Set.of(), Set.of(), Set.of());

    Avoid {
      sources = Set.copyOf(sources);
      destinations = Set.copyOf(destinations);
      slow = Set.copyOf(slow);
    }
  }

  private final ReplicationPolicies policies;

  public ReplicatePlan(ReplicationPolicies policies) {
    this.policies = policies;
  }

  Next decide(Task task, ClusterView cluster, Avoid avoid, RandomGenerator random) {
    if (task.on().isEmpty()) {
      return new Next.WaitFor(Cause.NO_SOURCE);
    }
    return switch (policies.parse(terms(task.file(), cluster).policyText())) {
      case Parsed.Unknown _ -> new Next.WaitFor(Cause.UNKNOWN_POLICY);
      case Parsed.Known(var policy) -> decide(policy, task, cluster, avoid, random);
    };
  }

  /** How many copies a file gets that is where the task says, as things are now. */
  int attainable(Task given, ClusterView cluster, RandomGenerator random) {
    var task = given;
    while (decide(task, cluster, Avoid.NOTHING, random) instanceof Next.Copy(var _, var to)
        && !task.on().contains(to.id())) {
      task = task.with(to.id());
    }
    return (int) task.on().stream().filter(cluster::countsAsCopy).count();
  }

  private Next decide(
      ReplicationPolicy policy,
      Task task,
      ClusterView cluster,
      Avoid avoid,
      RandomGenerator random) {
    return switch (policy.place(situation(task, cluster, avoid), random)) {
      case Placement.Satisfied() -> new Next.Done();
      case Placement.Excess() -> surplus(policy, task, cluster, avoid, random);
      case Placement.Wanted wanted -> copy(wanted, task, cluster, avoid, random);
      case Placement.Impossible() ->
          new Next.WaitFor(anyReadable(task, cluster) ? Cause.NO_DESTINATION : Cause.SOURCE_DOWN);
    };
  }

  /** The terms that a file is kept by; those of a class default where its class is not known. */
  public static FileClass terms(StoredFile file, ClusterView cluster) {
    return terms(file.domain(), file.fileClass(), cluster);
  }

  /** As {@link #terms(StoredFile, ClusterView)}, for any file of that class. */
  public static FileClass terms(DomainId domain, ClassId fileClass, ClusterView cluster) {
    return cluster
        .fileClass(domain, fileClass)
        .orElseGet(() -> FileClass.implicitDefault(cluster.defaults().mindevcount()));
  }

  private static Situation situation(Task task, ClusterView cluster, Avoid avoid) {
    return new Situation(
        cluster, task.on(), avoid.destinations(), terms(task.file(), cluster).mindevcount());
  }

  private static Next copy(
      Placement.Wanted wanted,
      Task task,
      ClusterView cluster,
      Avoid avoid,
      RandomGenerator random) {
    var sources =
        readable(task, cluster).stream().filter(d -> !avoid.sources().contains(d.id())).toList();
    if (sources.isEmpty()) {
      return new Next.WaitFor(Cause.SOURCE_DOWN);
    }
    var quick = sources(task, cluster, avoid);
    var places = wanted.ideal().isEmpty() ? wanted.desperate() : wanted.ideal();
    var destination = places.stream().filter(d -> !avoid.slow().contains(d.id())).findFirst();
    if (quick.isEmpty() || destination.isEmpty()) {
      return new Next.WaitFor(Cause.SLOW_NODES);
    }
    var preferred = quick.stream().filter(d -> task.from().equals(Optional.of(d.id()))).findFirst();
    var source = preferred.orElseGet(() -> SourceChoice.of(cluster, quick, random));
    return new Next.Copy(source, destination.get());
  }

  /** The devices that the file may be copied from. */
  static List<Device> sources(Task task, ClusterView cluster, Avoid avoid) {
    return readable(task, cluster).stream()
        .filter(d -> !avoid.sources().contains(d.id()) && !avoid.slow().contains(d.id()))
        .toList();
  }

  /**
   * The copies without which the file is still as it should be. Where copies are many but in poor
   * places none can go; then one more is made in a good place first.
   */
  private static Next surplus(
      ReplicationPolicy policy,
      Task task,
      ClusterView cluster,
      Avoid avoid,
      RandomGenerator random) {
    var situation = situation(task, cluster, avoid);
    var reduced = policy.reduced(situation, random);
    if (policy.place(reduced, random) instanceof Placement.Wanted wanted
        && !wanted.ideal().isEmpty()) {
      return copy(wanted, task, cluster, avoid, random);
    }
    var candidates =
        readable(task, cluster).stream()
            .filter(cluster::mayDelete)
            .filter(cluster::isWriteable)
            .filter(device -> policy.isEnough(situation.without(device.id()), random))
            .sorted(WORST_PLACE_FIRST)
            .toList();
    return candidates.isEmpty()
        ? new Next.WaitFor(Cause.SURPLUS_STAYS)
        : new Next.RemoveSurplus(candidates);
  }

  private static final Comparator<Device> WORST_PLACE_FIRST =
      Comparator.comparing((Device device) -> device.status() != DeviceStatus.DRAIN)
          .thenComparingDouble(Device::freeFraction)
          .thenComparing(Device::id);

  /**
   * Whether a copy may go when exactly those others are known to be good. A copy that counts but
   * could not be looked at is no reason to remove one that could.
   */
  boolean mayRemove(
      Task task,
      DeviceId surplus,
      Set<DeviceId> good,
      ClusterView cluster,
      RandomGenerator random) {
    if (good.contains(surplus) || good.isEmpty()) {
      return false;
    }
    return switch (policies.parse(terms(task.file(), cluster).policyText())) {
      case Parsed.Unknown _ -> false;
      case Parsed.Known(var policy) ->
          policy.isEnough(
              situation(task.onlyOn(good), cluster, Avoid.NOTHING).without(surplus), random);
    };
  }

  private static boolean anyReadable(Task task, ClusterView cluster) {
    return !readable(task, cluster).isEmpty();
  }

  private static List<Device> readable(Task task, ClusterView cluster) {
    return task.on().stream()
        .sorted()
        .map(cluster::device)
        .flatMap(Optional::stream)
        .filter(cluster::shouldRead)
        .toList();
  }
}
