package io.hayloft.tracker.work.rebalance;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.RebalanceStore;
import io.hayloft.tracker.store.RebalanceStore.Round;
import io.hayloft.tracker.store.TodoStore.Kind;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.work.RunHost;
import io.hayloft.tracker.work.rebalance.RebalancePlan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a rebalance on, as {@link RebalancePlan} says: once a second it queues the next files to be
 * moved. One tracker does this, see {@link RunHost}; moving what is queued is everybody's work.
 */
public final class RebalanceInjector implements Worker {

  private static final Logger log = LoggerFactory.getLogger(RebalanceInjector.class);

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final long RATE = 2_000;
  private static final long MOST = 10_000;
  private static final long LONGEST = 10_000;

  /** What the injection works with. */
  public record Ports(UpkeepStores upkeep, LeaseStore leases) {}

  /** Time and chance, and what this tracker and its machine are called. */
  public record Ambience(Time time, RandomGenerator random, String owner, String hostname) {}

  private final Cluster cluster;
  private final RebalanceStore store;
  private final Ports ports;
  private final Ambience ambience;
  private final RunHost host;
  private final RepeatedCauses causes;

  public RebalanceInjector(Cluster cluster, Ports ports, Ambience ambience) {
    this.cluster = cluster;
    this.store = ports.upkeep().rebalance();
    this.ports = ports;
    this.ambience = ambience;
    this.host =
        new RunHost(
            "rebalance",
            new RunHost.Identity(ambience.owner(), ambience.hostname()),
            ports.leases(),
            ambience.time());
    this.causes = new RepeatedCauses(log, ambience.time());
  }

  @Override
  public Pace step() {
    causes.flushDue();
    var status = store.status();
    if (!host.isThis(status.host(), store::takeOver)) {
      return Pace.rest(ROUND);
    }
    var round = round(status);
    if (round.isEmpty() || !store.advance(ambience.hostname(), round.get())) {
      return Pace.rest(ROUND);
    }
    if (round.get().ends()) {
      log.info("rebalance is over: {}", round.get().after());
    }
    // What only changes the state costs nothing; files are queued at a rate.
    boolean isOnlyState = round.get().moves().isEmpty() && !round.get().ends();
    boolean isChange = !round.get().after().equals(round.get().before());
    return isOnlyState && isChange ? Pace.again() : Pace.rest(ROUND);
  }

  private Optional<Round> round(RebalanceStore.Status status) {
    var state = status.state();
    var policy = status.policy().flatMap(RebalancePolicy::stored);
    if (state.isEmpty() || policy.isEmpty()) {
      causes.warn("rebalance cannot go on: it has no state, or no policy that can be read", "");
      return state.map(text -> new Round(text, text, List.of(), List.of(), true));
    }
    var plan = new RebalancePlan(policy.get(), state.get(), status.now());
    var drained = status.former().keySet();
    if (status.toStop()) {
      return Optional.of(plan.stop(drained));
    }
    var settings = cluster.view().settings();
    if (ports.upkeep().todo().length(Kind.REBALANCE)
        >= settings.number("queue_size_for_rebal", LONGEST)) {
      return Optional.empty();
    }
    return switch (plan.begin(cluster.view(), drained)) {
      case Step.Decided(var round) -> Optional.of(round);
      case Step.Read(var device, var after, var newestFirst) -> {
        int rate = (int) Math.clamp(settings.number("queue_rate_for_rebal", RATE), 1, MOST);
        var files = store.candidates(device, after, newestFirst, rate);
        var round = plan.fill(files, cluster.view(), ambience.random());
        if (round.isEmpty()) {
          causes.warn("rebalance waits: no device may take what is on another", "dev" + device);
        }
        yield round;
      }
    };
  }
}
