package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.ClaimStore.Queue;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.TodoStore.Kind;
import io.hayloft.tracker.store.TodoStore.Queued;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.fsck.FsckCheck.Outcome;
import io.hayloft.tracker.work.fsck.FsckPlan.Mode;
import io.hayloft.tracker.work.fsck.FsckPlan.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files from the queue of checks and has {@link FsckCheck} look at each. Those whose devices
 * do not answer stay queued, and come back after half a minute at first, a quarter of an hour at
 * last.
 */
public final class FsckWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(FsckWorker.class);

  private static final int BATCH = 50;
  private static final int AT_ONCE = 16;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final long SOONEST_SECONDS = 30;
  private static final long LATEST_SECONDS = 1000;

  /** What checks work with. */
  public record Ports(
      Stores stores,
      UpkeepStores upkeep,
      StorageNodes nodes,
      NativeNodes nativeNodes,
      ReplicationPolicies policies,
      HeldClaims claims) {}

  /** Threads, time and chance, and what this tracker is called. */
  public record Ambience(Tasks tasks, Time time, RandomGenerator random, String owner) {}

  private final Ports ports;
  private final Tasks tasks;
  private final RepeatedCauses causes;
  private final FsckCheck check;
  private final FsckModes modes;
  private final Workload load;

  public FsckWorker(Cluster cluster, Ports ports, Ambience ambience, Workload load) {
    this.load = load;
    this.ports = ports;
    this.modes = new FsckModes(cluster, ports.stores().registry());
    this.tasks = ambience.tasks();
    this.causes = new RepeatedCauses(log, ambience.time());
    this.check =
        new FsckCheck(
            cluster,
            new FsckCheck.Ports(
                ports.stores().files(),
                ports.upkeep().fsck(),
                ports.nodes(),
                ports.nativeNodes(),
                ports.policies()),
            new FidLeases(
                ports.stores().leases(), ambience.owner(), ambience.time(), ambience.random()),
            tasks,
            ambience.random(),
            causes);
  }

  private record Checked(Queued queued, Outcome outcome) {}

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var claimed = ports.upkeep().todo().claim(Kind.FSCK, BATCH, HeldClaims.LENGTH);
    if (claimed.isEmpty()) {
      return Pace.rest(IDLE);
    }
    claimed.forEach(each -> ports.claims().hold(Queue.FSCK, each.fid(), each.until()));
    load.take(claimed.size());
    try {
      var mode = modes.of(ports.upkeep().fsck().terms());
      var subjects = subjects(claimed);
      settle(
          tasks.forEach(
              claimed,
              AT_ONCE,
              each -> new Checked(each, check(each, subjects.get(each.fid()), mode))));
    } finally {
      ports.claims().drop(Queue.FSCK, claimed.stream().map(Queued::fid).toList());
      load.end(claimed.size());
    }
    return claimed.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }

  private Map<Fid, Subject> subjects(List<Queued> claimed) {
    var files = ports.stores().files();
    Map<Fid, Located> located = files.locate(claimed.stream().map(Queued::fid).toList());
    var checksums = files.checksums(located.keySet());
    var subjects = new TreeMap<Fid, Subject>();
    located.forEach(
        (fid, each) ->
            subjects.put(
                fid,
                new Subject(
                    each.file(),
                    Set.copyOf(each.devices()),
                    Optional.ofNullable(checksums.get(fid)))));
    return subjects;
  }

  /**
   * @param subject null where there is no such file any more
   */
  private Outcome check(Queued queued, @Nullable Subject subject, Mode mode) {
    if (subject == null) {
      return Outcome.CHECKED;
    }
    try {
      return check.check(subject, queued.device().isPresent() ? mode.doubting() : mode);
    } catch (StoreException e) {
      causes.warn("the database failed during a check: " + e.getMessage(), name(subject));
      return Outcome.STALLED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.STALLED;
    }
  }

  private static String name(Subject subject) {
    return "fid " + subject.file().fid();
  }

  private void settle(List<Checked> checked) {
    var done = new ArrayList<Queued>();
    var later = new TreeMap<Long, List<Queued>>();
    for (var each : checked) {
      var queued = asHeld(each.queued());
      switch (each.outcome()) {
        case CHECKED -> done.add(queued);
        case STALLED ->
            later.computeIfAbsent(delay(queued.failures()), _ -> new ArrayList<>()).add(queued);
      }
    }
    ports.upkeep().fsck().checked(done);
    later.forEach(
        (seconds, group) ->
            ports.upkeep().todo().later(Kind.FSCK, group, Duration.ofSeconds(seconds)));
  }

  /** A claim that was prolonged meanwhile ends later than it was made for. */
  private Queued asHeld(Queued queued) {
    return new Queued(
        queued.fid(),
        queued.device(),
        queued.targets(),
        queued.failures(),
        ports.claims().until(Queue.FSCK, queued.fid(), queued.until()));
  }

  private static long delay(int failures) {
    return Math.min(LATEST_SECONDS, SOONEST_SECONDS << Math.min(failures, 6));
  }
}
