package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.work.BackOff;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.replicate.CopyMaking.Outcome;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Cause;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.time.Duration;
import java.util.HashSet;
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
 * <p>The queue gives a row to one worker at a time, but makes it due again when somebody asks for
 * the file to be seen to meanwhile; so the fids under way are known here as well. Files so long
 * that copying may outlast the claim are copied under a lease.
 */
public final class Replication {

  private static final Logger log = LoggerFactory.getLogger(Replication.class);

  /** Tries per file and pass; each can take as long as a stalled transfer. */
  private static final int TRIES = 12;

  private static final Duration SLOT_WAIT = Duration.ofSeconds(10);
  private static final Duration SHORTLY = Duration.ofSeconds(10);
  private static final Duration NEXT_SURPLUS = Duration.ofSeconds(15);

  /** A failure that took longer than this holds others up. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** Copying less takes less than a claim lasts, on any network that is of use. */
  private static final long LONG_FILE = 256L << 20;

  private static final long SLOWEST_BYTES_PER_SECOND = 1L << 20;

  /** Chance, time, the policies that files may be kept by, and what an installation has to say. */
  public record Ambience(
      Time time, RandomGenerator random, ReplicationPolicies policies, CopySources sources) {}

  private final Cluster cluster;
  private final Stores stores;
  private final CopySlots slots;
  private final Ambience ambience;
  private final String owner;
  private final CopyMaking copies;
  private final SurplusRemoval surplus;
  private final RepeatedCauses causes;
  private final ReplicatePlan plan;
  private final Set<Fid> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param owner names this tracker among those on the same database
   */
  public Replication(
      Cluster cluster,
      Stores stores,
      StorageNodes nodes,
      CopySlots slots,
      String owner,
      Ambience ambience) {
    this.cluster = cluster;
    this.stores = stores;
    this.slots = slots;
    this.ambience = ambience;
    this.owner = owner;
    this.plan = new ReplicatePlan(ambience.policies());
    this.copies = new CopyMaking(nodes, stores.replication(), ambience.sources());
    this.surplus =
        new SurplusRemoval(
            new SurplusRemoval.Ports(stores.files(), stores.replication()),
            nodes,
            new FidLeases(stores.leases(), owner, ambience.time(), ambience.random()),
            plan,
            ambience.random());
    this.causes = new RepeatedCauses(log, ambience.time());
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

  /** Sees to one file; empty when it was interrupted, whereupon its row comes back by itself. */
  Optional<Settlement> replicate(Queued claimed, Task task, Optional<Checksum> stored)
      throws InterruptedException {
    if (task.file().length() < LONG_FILE) {
      return pass(claimed, task, stored);
    }
    var lease = "copy:" + task.file().fid();
    var holder = owner + "/" + ambience.random().nextLong();
    var length = Duration.ofSeconds(600 + 2 * task.file().length() / SLOWEST_BYTES_PER_SECOND);
    if (!stores.leases().acquire(lease, holder, length)) {
      return Optional.of(later(claimed, SHORTLY));
    }
    try {
      return pass(claimed, task, stored);
    } finally {
      stores.leases().release(lease, holder);
    }
  }

  private Optional<Settlement> pass(Queued claimed, Task given, Optional<Checksum> stored)
      throws InterruptedException {
    var task = given;
    var sources = new HashSet<DeviceId>();
    var destinations = new HashSet<DeviceId>();
    for (int tries = 0; tries < TRIES; tries++) {
      var view = tries == 0 ? viewKnowing(task) : cluster.view();
      var avoid = new Avoid(sources, destinations, slots.slow());
      switch (plan.decide(task, view, avoid, ambience.random())) {
        case Next.Done() -> {
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
          if (!slots.acquire(from.host(), to.host(), SLOT_WAIT)) {
            return Optional.of(later(claimed, SHORTLY));
          }
          Outcome outcome;
          try {
            if (!isStillGood(from, to)) {
              continue;
            }
            outcome = make(task, stored, from, to, view);
          } finally {
            slots.release(from.host(), to.host());
          }
          if (Thread.currentThread().isInterrupted()) {
            return Optional.empty();
          }
          switch (outcome) {
            case Outcome.Made() -> task = task.with(to.id());
            case Outcome.FileGone() -> {
              return Optional.of(new Settlement.Done(claimed));
            }
            case Outcome.SourceFailed(var why) -> {
              sources.add(from.id());
              report("cannot copy from dev" + from.id() + ": " + why, task);
            }
            case Outcome.DestinationFailed(var why) -> {
              destinations.add(to.id());
              report("cannot copy to dev" + to.id() + ": " + why, task);
            }
          }
        }
      }
    }
    return Optional.of(failed(claimed));
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

  /** The wait for a place may have been long. */
  private boolean isStillGood(Device from, Device to) {
    var now = cluster.view();
    var slow = slots.slow();
    return now.device(from.id()).filter(now::shouldRead).isPresent()
        && now.device(to.id()).filter(now::shouldGetNewFiles).isPresent()
        && !slow.contains(from.id())
        && !slow.contains(to.id());
  }

  private Outcome make(
      Task task, Optional<Checksum> stored, Device from, Device to, ClusterView view)
      throws InterruptedException {
    long started = ambience.time().nanoTime();
    var outcome = copies.make(task.file(), stored, from, to, view);
    boolean slow = ambience.time().since(started).compareTo(SLOW) > 0;
    if (slow && outcome instanceof Outcome.SourceFailed) {
      slots.noteSlow(from.id());
    }
    if (slow && outcome instanceof Outcome.DestinationFailed) {
      slots.noteSlow(to.id());
    }
    return outcome;
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
    return switch (cause) {
      case NO_SOURCE -> {
        log.error("fid {} has no known location; it needs a person", task.file().fid());
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

  private void report(String cause, Task task) {
    causes.warn(cause, "fid " + task.file().fid());
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
