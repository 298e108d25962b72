package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.AttemptStore.Job;
import io.hayloft.tracker.store.ClaimStore;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.NewCopy;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.work.BackOff;
import io.hayloft.tracker.work.FailedAttempts;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.Together;
import io.hayloft.tracker.work.replicate.CopyRequests.Answer;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Cause;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries {@link ReplicatePlan} out for one file at a time: copies until the file is as it should
 * be, trying other sources and destinations where some fail, and says what becomes of its queue
 * row. One of these is shared by all replication workers of a tracker.
 *
 * <p>Each file has a thread, which is cheap, and waits in it; what many files wait for at the same
 * time is done for all at once, the copies by {@link CopyRequests} and their records by {@link
 * Together}. A copy that is a file's last is recorded together with the end of its row.
 *
 * <p>The queue gives a row to one worker at a time, but makes it due again when somebody asks for
 * the file to be seen to meanwhile; so the fids under way are known here as well.
 */
public final class Replication {

  private static final Logger log = LoggerFactory.getLogger(Replication.class);

  /** Tries per file and pass; each can take as long as a stalled transfer. */
  private static final int TRIES = 12;

  private static final int RECORDED_TOGETHER = 256;
  private static final Duration SHORTLY = Duration.ofSeconds(10);
  private static final Duration NEXT_SURPLUS = Duration.ofSeconds(15);

  /** A failure that took longer than this holds others up. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** What replication works with. */
  public record Parts(
      Stores stores,
      StorageNodes nodes,
      CopySlots slots,
      CopyRequests requests,
      HeldClaims claims,
      Told told) {}

  /** Who hears of what failed, and of what was made. */
  public record Told(FailedAttempts attempts, CopyWaits waits) {}

  /** Threads, time, chance, policies, what an installation has to say, and what is counted. */
  public record Ambience(
      Tasks tasks,
      Time time,
      RandomGenerator random,
      ReplicationPolicies policies,
      CopySources sources,
      MeterRegistry meters) {}

  private final Cluster cluster;
  private final Parts parts;
  private final Ambience ambience;
  private final CopyMaking copies;
  private final SurplusRemoval surplus;
  private final RepeatedCauses causes;
  private final ReplicatePlan plan;
  private final ReplicationMeters meters;
  private final Together<NewCopy, Boolean> records;
  private final Set<Fid> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param owner names this tracker among those on the same database
   */
  public Replication(Cluster cluster, Parts parts, String owner, Ambience ambience) {
    this.cluster = cluster;
    this.parts = parts;
    this.ambience = ambience;
    var stores = parts.stores();
    this.plan = new ReplicatePlan(ambience.policies());
    this.copies = new CopyMaking(parts.nodes(), stores.replication(), ambience.sources());
    this.surplus =
        new SurplusRemoval(
            new SurplusRemoval.Ports(stores.files(), stores.replication()),
            parts.nodes(),
            new FidLeases(stores.leases(), owner, ambience.time(), ambience.random()),
            plan,
            ambience.random());
    this.causes = new RepeatedCauses(log, ambience.time());
    this.meters = new ReplicationMeters(ambience.meters());
    this.records =
        new Together<>(
            "record copies",
            RECORDED_TOGETHER,
            group -> record(stores.replication(), group),
            ambience.tasks());
  }

  /** Whether each file is still there. */
  private static List<Boolean> record(ReplicationStore store, List<NewCopy> made) {
    var gone = store.record(made);
    return made.stream().map(copy -> !gone.contains(copy.fid())).toList();
  }

  /** How many files are under way. */
  public int underWay() {
    return underWay.size();
  }

  /** Begins with a file; false when it is under way already. */
  public boolean begin(Fid fid) {
    return underWay.add(fid);
  }

  public void end(Fid fid) {
    underWay.remove(fid);
  }

  RepeatedCauses causes() {
    return causes;
  }

  /** For a file that another worker of this tracker is at. */
  Settlement busy(Queued claimed) {
    return later(claimed, SHORTLY);
  }

  /**
   * Sees to one file. Empty when its row was settled with its last copy, and when it was
   * interrupted, whereupon its row comes back by itself.
   */
  Optional<Settlement> replicate(Queued claimed, Task given, Optional<Checksum> stored)
      throws InterruptedException {
    var task = given;
    var sources = new HashSet<DeviceId>();
    var destinations = new HashSet<DeviceId>();
    for (int tries = 0; tries < TRIES; tries++) {
      var view = tries == 0 ? viewKnowing(task) : cluster.view();
      var avoid = new Avoid(sources, destinations, parts.slots().slow());
      switch (plan.decide(task, view, avoid, ambience.random())) {
        case Next.Done() -> {
          forgetFailures(claimed);
          return Optional.of(new Settlement.Done(claimed));
        }
        case Next.RemoveSurplus _ -> {
          return Optional.of(removeSurplus(claimed, task, stored, view));
        }
        case Next.WaitFor(var cause) -> {
          return Optional.of(waitFor(claimed, task, cause));
        }
        case Next.Copy(var chosen, var to) -> {
          var from = source(chosen, task, view, avoid);
          switch (make(task, stored, from, to, view)) {
            case Answer.Stale() -> {}
            case Answer.Crowded() -> {
              return Optional.of(later(claimed, SHORTLY));
            }
            case Answer.Ended(Copy.Made(var computed), var _) -> {
              var with = task.with(to.id());
              boolean last = isEnough(with);
              if (!record(claimed, with, to, computed, last)) {
                return last ? Optional.empty() : Optional.of(new Settlement.Done(claimed));
              }
              if (last) {
                return Optional.empty();
              }
              task = with;
            }
            case Answer.Ended(Copy.SourceFailed(var why), var _) -> {
              sources.add(from.id());
              meters.sourceFailed();
              failed("cannot copy from dev" + from.id() + ": " + why, task, from, to);
            }
            case Answer.Ended(Copy.DestinationFailed(var why), var _) -> {
              destinations.add(to.id());
              meters.destinationFailed();
              failed("cannot copy to dev" + to.id() + ": " + why, task, from, to);
            }
          }
        }
      }
    }
    return Optional.of(failed(claimed));
  }

  /** Whether a file that is where the task says needs nothing more. */
  private boolean isEnough(Task task) {
    return plan.decide(task, cluster.view(), Avoid.NOTHING, ambience.random()) instanceof Next.Done;
  }

  /** False when the file is gone. */
  private boolean record(
      Queued claimed, Task task, Device to, Optional<Checksum> computed, boolean last)
      throws InterruptedException {
    var done = last ? Optional.of(current(claimed)) : Optional.<Queued>empty();
    boolean isFile = records.write(new NewCopy(claimed.fid(), to.id(), computed, done));
    if (isFile) {
      meters.made(task.file().length());
      parts.told().waits().recorded(claimed.fid(), task.on());
    }
    if (last) {
      forgetFailures(claimed);
    }
    return isFile;
  }

  /** Those of a file that is as it should be interest nobody. */
  private void forgetFailures(Queued claimed) {
    if (claimed.failures() > 0) {
      parts.told().attempts().forget(claimed.fid());
    }
  }

  /** A settlement with the time that its row's claim ends at by now. */
  Settlement current(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Done(var claimed) -> new Settlement.Done(current(claimed));
      case Settlement.Later(var claimed, var delay, var failures) ->
          new Settlement.Later(current(claimed), delay, failures);
      case Settlement.Stuck(var claimed, var failures) ->
          new Settlement.Stuck(current(claimed), failures);
    };
  }

  /** A claimed row with the time that its claim ends at by now. */
  private Queued current(Queued claimed) {
    return claimed.until(
        parts.claims().until(ClaimStore.Queue.REPLICATION, claimed.fid(), claimed.until()));
  }

  /**
   * What is not in the view may be new. A new device taken for a lost one would cost a copy, and a
   * new class taken for none the digest that it keeps.
   */
  private ClusterView viewKnowing(Task task) {
    var view = cluster.view();
    boolean known =
        view.fileClass(task.file().domain(), task.file().fileClass()).isPresent()
            && task.on().stream().allMatch(id -> view.device(id).isPresent());
    return known ? view : cluster.reread();
  }

  /** The source that plugins prefer, unless the queue's row names one. */
  private Device source(Device chosen, Task task, ClusterView view, Avoid avoid)
      throws InterruptedException {
    if (task.from().equals(Optional.of(chosen.id()))) {
      return chosen;
    }
    var others =
        ReplicatePlan.sources(task, view, avoid).stream().filter(each -> !each.equals(chosen));
    var inOrder = Stream.concat(Stream.of(chosen), others).toList();
    return ambience.sources().orderSources(task.file(), inOrder, view).stream()
        .findFirst()
        .orElse(chosen);
  }

  /** The wait for its turn may have been long. */
  private boolean isStillGood(Device from, Device to) {
    var now = cluster.view();
    var slow = parts.slots().slow();
    return now.device(from.id()).filter(now::shouldRead).isPresent()
        && now.device(to.id()).filter(now::shouldGetNewFiles).isPresent()
        && !slow.contains(from.id())
        && !slow.contains(to.id());
  }

  private Answer make(
      Task task, Optional<Checksum> stored, Device from, Device to, ClusterView view)
      throws InterruptedException {
    var order = copies.order(task.file(), stored, from, to, view);
    int live = (int) task.on().stream().filter(view::countsAsCopy).count();
    var answer = parts.requests().copy(order, live, () -> isStillGood(from, to));
    if (!(answer instanceof Answer.Ended(var copy, var took))) {
      return answer;
    }
    var verified = copies.verified(order, copy, view);
    boolean slow = took.compareTo(SLOW) > 0;
    if (slow && verified instanceof Copy.SourceFailed) {
      parts.slots().noteSlow(from.id());
    }
    if (slow && verified instanceof Copy.DestinationFailed) {
      parts.slots().noteSlow(to.id());
    }
    return new Answer.Ended(verified, took);
  }

  private Settlement removeSurplus(
      Queued claimed, Task task, Optional<Checksum> stored, ClusterView view) {
    return switch (surplus.remove(task.file(), stored, view)) {
      // There may be more; one goes in each pass.
      case REMOVED -> new Settlement.Later(claimed, about(NEXT_SURPLUS), 0);
      case BUSY -> later(claimed, SHORTLY);
      case NOT_SAFE -> {
        report("copies too many, but too few of them can be seen to be good", task);
        yield failed(claimed);
      }
    };
  }

  private Settlement waitFor(Queued claimed, Task task, Cause cause) {
    meters.failed(cause);
    return switch (cause) {
      case NO_SOURCE -> {
        causes.error("no location is known; a person must look", "fid " + task.file().fid());
        yield new Settlement.Stuck(claimed, more(claimed));
      }
      case SLOW_NODES -> later(claimed, SHORTLY);
      case SOURCE_DOWN, NO_DESTINATION, SURPLUS_STAYS, UNKNOWN_POLICY -> {
        report(text(cause), task);
        yield failed(claimed);
      }
    };
  }

  private static String text(Cause cause) {
    return switch (cause) {
      case NO_SOURCE -> "no location is known";
      case SOURCE_DOWN -> "no device that has the file can be read";
      case NO_DESTINATION -> "no device can take a further copy";
      case SLOW_NODES -> "nodes are slow";
      case SURPLUS_STAYS -> "copies too many, but none can be removed";
      case UNKNOWN_POLICY -> "the class has a replication policy that is not known";
    };
  }

  /** A copy that was tried. */
  private void failed(String cause, Task task, Device from, Device to) {
    var fid = task.file().fid();
    causes.warn(cause, "fid " + fid);
    parts
        .told()
        .attempts()
        .note(fid, Job.REPLICATE, Optional.of(from.id()), Optional.of(to.id()), cause);
  }

  private void report(String cause, Task task) {
    var fid = task.file().fid();
    causes.warn(cause, "fid " + fid);
    parts.told().attempts().note(fid, Job.REPLICATE, Optional.empty(), Optional.empty(), cause);
  }

  /** For a file that could not be seen to. */
  Settlement failed(Queued claimed) {
    return new Settlement.Later(
        claimed, BackOff.after(claimed.failures(), ambience.random()), more(claimed));
  }

  private Settlement later(Queued claimed, Duration delay) {
    return new Settlement.Later(claimed, about(delay), claimed.failures());
  }

  private Duration about(Duration delay) {
    return BackOff.about(delay, ambience.random());
  }

  private static int more(Queued claimed) {
    return Math.min(255, claimed.failures() + 1);
  }
}
