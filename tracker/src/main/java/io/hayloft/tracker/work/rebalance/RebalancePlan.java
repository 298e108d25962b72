package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalancePolicy.LimitBy;
import io.hayloft.tracker.policy.RebalanceState;
import io.hayloft.tracker.policy.RebalanceState.Count;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import io.hayloft.tracker.store.RebalanceStore.Change;
import io.hayloft.tracker.store.RebalanceStore.Move;
import io.hayloft.tracker.store.RebalanceStore.Round;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How a rebalance goes on: which source is next, which of its files are moved, where to, and when
 * it is over. Pure. A source is set to drain while files are moved off it, and becomes again what
 * it was before.
 */
final class RebalancePlan {

  private final RebalancePolicy policy;
  private final String before;
  private final RebalanceState state;
  private final long now;

  /**
   * @param before the state's text as it is stored
   * @param now unix time
   */
  RebalancePlan(RebalancePolicy policy, String before, long now) {
    this.policy = policy;
    this.before = before;
    this.state = RebalanceState.parse(before);
    this.now = now;
  }

  private Round round(RebalanceState after, List<Move> moves, List<Change> changes, boolean ends) {
    return new Round(before, after.text(), moves, changes, ends);
  }

  /**
   * The end that an operator asked for; a later start goes on from here.
   *
   * @param drained the devices that are set to drain for this run
   */
  Round stop(Set<DeviceId> drained) {
    return round(state.with(Count.TIME_STOPPED, now), List.of(), leave(drained), true);
  }

  private List<Change> leave(Set<DeviceId> devices) {
    return devices.stream().sorted().map(this::leave).toList();
  }

  private Change leave(DeviceId device) {
    return policy.leaveInDrain() ? new Change.Leave(device) : new Change.Restore(device);
  }

  /** A step of a round. */
  sealed interface Step {

    /** The round is decided. */
    record Decided(Round round) implements Step {}

    /** Files of that device are to be read, and then {@link #fill} says what happens. */
    record Read(DeviceId device, long after, boolean newestFirst) implements Step {}
  }

  Step begin(ClusterView cluster, Set<DeviceId> drained) {
    var current = state.current();
    if (current.isEmpty()) {
      return new Step.Decided(
          state.sources().isEmpty() || isLimitReached(globalLimit())
              ? round(state.with(Count.TIME_FINISHED, now), List.of(), leave(drained), true)
              : nextSource(cluster));
    }
    if (!drained.contains(current.get()) && isUsable(current.get(), cluster)) {
      // It was stopped here and goes on.
      return new Step.Decided(
          round(state, List.of(), List.of(new Change.Drain(current.get())), false));
    }
    return new Step.Read(current.get(), state.get(Count.LAST_FID), policy.newestFirst());
  }

  private static boolean isUsable(DeviceId device, ClusterView cluster) {
    return cluster.device(device).filter(cluster::mayDelete).isPresent();
  }

  private Round nextSource(ClusterView cluster) {
    var next = state.next();
    var device = next.current().orElseThrow();
    if (!isUsable(device, cluster)) {
      return round(next.complete(), List.of(), List.of(), false);
    }
    boolean limited = policy.limitBy() != LimitBy.NONE && !policy.isLimitGlobal();
    var limit = limited ? OptionalLong.of(policy.limit()) : OptionalLong.empty();
    return round(next.deviceLimit(limit), List.of(), List.of(new Change.Drain(device)), false);
  }

  private OptionalLong globalLimit() {
    return policy.limitBy() != LimitBy.NONE && policy.isLimitGlobal()
        ? OptionalLong.of(state.get(Count.LIMIT))
        : OptionalLong.empty();
  }

  private static boolean isLimitReached(OptionalLong limit) {
    return limit.isPresent() && limit.getAsLong() <= 0;
  }

  /** What may still be moved off the current device. */
  private OptionalLong limit() {
    return policy.isLimitGlobal() ? globalLimit() : state.deviceLimit();
  }

  /**
   * The round, when these are the next files of the current source.
   *
   * @return empty when there is no device to move them to
   */
  Optional<Round> fill(List<Candidate> files, ClusterView cluster, RandomGenerator random) {
    var source = state.current().orElseThrow();
    if (files.isEmpty() || isLimitReached(limit()) || !isUsable(source, cluster)) {
      var done =
          state
              .complete()
              .with(Count.EMPTY_RUNS, state.get(Count.EMPTY_RUNS) + 1)
              .with(Count.TIME_LATEST_EMPTY_RUN, now);
      return Optional.of(round(done, List.of(), List.of(leave(source)), false));
    }
    var destinations = policy.destinations(cluster, state.emptied());
    return destinations.isEmpty()
        ? Optional.empty()
        : Optional.of(moves(source, files, destinations, random));
  }

  private Round moves(
      DeviceId source, List<Candidate> files, List<DeviceId> destinations, RandomGenerator random) {
    var moves = new ArrayList<Move>();
    long bytes = 0;
    long last = state.get(Count.LAST_FID);
    var left = limit();
    for (var file : files) {
      left = after(left, file);
      if (left.isPresent() && left.getAsLong() < 0) {
        left = OptionalLong.of(0);
        break;
      }
      moves.add(new Move(file.fid(), source, targets(destinations, random)));
      bytes += file.length();
      last = file.fid().value();
    }
    var counted =
        limited(left)
            .with(Count.LAST_FID, last)
            .with(Count.FIDS_QUEUED, state.get(Count.FIDS_QUEUED) + moves.size())
            .with(Count.BYTES_QUEUED, state.get(Count.BYTES_QUEUED) + bytes)
            .with(Count.TIME_LATEST_RUN, now);
    return round(counted, moves, List.of(), false);
  }

  /** What is left of a limit after a file; below 0 when the file is beyond it. */
  private OptionalLong after(OptionalLong left, Candidate file) {
    if (left.isEmpty()) {
      return left;
    }
    return OptionalLong.of(
        switch (policy.limitBy()) {
          case NONE -> left.getAsLong();
          case COUNT -> left.getAsLong() - 1;
          case SIZE -> left.getAsLong() - file.length();
        });
  }

  private RebalanceState limited(OptionalLong left) {
    if (left.isEmpty()) {
      return state;
    }
    return policy.isLimitGlobal()
        ? state.with(Count.LIMIT, left.getAsLong())
        : state.deviceLimit(left);
  }

  private List<DeviceId> targets(List<DeviceId> destinations, RandomGenerator random) {
    var shuffled = new ArrayList<>(destinations);
    Collections.shuffle(shuffled, random);
    long most = policy.destinationsPerFile().orElse(shuffled.size());
    return shuffled.subList(0, (int) Math.min(most, shuffled.size()));
  }
}
