package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.RateLimit;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.store.ClaimStore.Queue;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.TodoStore;
import io.hayloft.tracker.store.TodoStore.Kind;
import io.hayloft.tracker.store.TodoStore.Queued;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files from the queue of moves and has {@link BatchMoving} move them. A row goes whether or
 * not the file could be moved, because a later rebalance finds the file again; one that somebody
 * else is at comes back shortly, a few times.
 */
public final class RebalanceWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(RebalanceWorker.class);

  /** The setting with the bytes a second that each tracker may copy; 0 for no limit. */
  static final String RATE = "rebalance_rate";

  private static final int BATCH = 500;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration SHORTLY = Duration.ofSeconds(10);
  private static final int PATIENCE = 30;

  /** What moves work with. */
  public record Ports(FileStore files, TodoStore todo, HeldClaims claims, BatchMoving moving) {}

  private final Cluster cluster;
  private final Ports ports;
  private final boolean ignoreMissing;
  private final RepeatedCauses causes;
  private final Workload load;
  private final RateLimit rate;

  /**
   * @param ignoreMissing whether a copy that is not there counts as removed
   */
  public RebalanceWorker(
      Cluster cluster, Ports ports, boolean ignoreMissing, Time time, Workload load) {
    this.cluster = cluster;
    this.ports = ports;
    this.ignoreMissing = ignoreMissing;
    this.load = load;
    this.causes = new RepeatedCauses(log, time);
    this.rate = new RateLimit(time, 0);
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    rate.set(cluster.view().settings().number(RATE, 0));
    if (rate.allowance() == 0) {
      return Pace.rest(rate.untilAllowed());
    }
    var claimed = ports.todo().claim(Kind.REBALANCE, BATCH, HeldClaims.LENGTH);
    if (claimed.isEmpty()) {
      return Pace.rest(IDLE);
    }
    load.take(claimed.size());
    claimed.forEach(each -> ports.claims().hold(Queue.REBALANCE, each.fid(), each.until()));
    try {
      move(claimed);
    } finally {
      ports.claims().drop(Queue.REBALANCE, claimed.stream().map(Queued::fid).toList());
      load.end(claimed.size());
    }
    return claimed.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }

  private void move(List<Queued> claimed) throws InterruptedException {
    var located = ports.files().locate(claimed.stream().map(Queued::fid).toList());
    var asks = claimed.stream().flatMap(queued -> ask(queued, located).stream()).toList();
    Map<Fid, MoveOutcome> outcomes;
    try {
      outcomes = ports.moving().move(asks, ignoreMissing);
    } catch (StoreException e) {
      causes.warn("the database failed while files were moved", String.valueOf(e.getMessage()));
      ports.todo().later(Kind.REBALANCE, asHeld(claimed), SHORTLY);
      return;
    }
    var done = new ArrayList<Queued>();
    var later = new ArrayList<Queued>();
    for (var queued : claimed) {
      switch (outcomes.getOrDefault(queued.fid(), new MoveOutcome.Away())) {
        case MoveOutcome.Busy() when queued.failures() < PATIENCE -> later.add(queued);
        case MoveOutcome.Kept(var why) -> {
          report(queued, why);
          done.add(queued);
        }
        case MoveOutcome.Moved(var _, var _, var bytes) -> {
          rate.spend(bytes);
          done.add(queued);
        }
        case MoveOutcome.Busy(), MoveOutcome.Away() -> done.add(queued);
      }
    }
    ports.todo().done(Kind.REBALANCE, asHeld(done));
    ports.todo().later(Kind.REBALANCE, asHeld(later), SHORTLY);
  }

  /** The rows with the claims that they have by now. */
  private List<Queued> asHeld(List<Queued> some) {
    return some.stream()
        .map(
            each ->
                new Queued(
                    each.fid(),
                    each.device(),
                    each.targets(),
                    each.failures(),
                    ports.claims().until(Queue.REBALANCE, each.fid(), each.until())))
        .toList();
  }

  /** Nothing is to be done for a file that is gone, or has left the device. */
  private static Optional<MoveAsk> ask(Queued queued, Map<Fid, Located> located) {
    var now = located.get(queued.fid());
    return now == null
        ? Optional.empty()
        : queued
            .device()
            .filter(now.devices()::contains)
            .map(
                off ->
                    new MoveAsk(
                        queued.fid(), off, Set.copyOf(queued.targets()), now.file().length()));
  }

  private void report(Queued queued, String why) {
    var from = queued.device().map(device -> "dev" + device).orElse("a device");
    causes.warn("not moved off " + from + ": " + why, "fid " + queued.fid());
  }
}
