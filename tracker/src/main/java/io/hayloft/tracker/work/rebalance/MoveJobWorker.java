package io.hayloft.tracker.work.rebalance;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries on the jobs that move files, portion by portion: those that no other tracker carries on.
 * What makes sure of that is a lease for each job, short enough for another tracker to go on soon
 * when this one dies. Nothing depends on it, though: two who carried the same job on for a moment
 * would hinder each other only by the leases of the files.
 */
public final class MoveJobWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(MoveJobWorker.class);

  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration OTHERS = Duration.ofSeconds(3);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 8;

  /** How long until devices that were read again show what was moved. */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  /** What jobs work with. */
  public record Ports(
      Stores stores, UpkeepStores upkeep, BatchMoving moving, ReplicationPolicies policies) {}

  /**
   * Threads, time and chance, and what this tracker and its machine are called.
   *
   * @param settling how long it takes until moves are seen in how full devices are
   */
  public record Ambience(
      Tasks tasks,
      Time time,
      RandomGenerator random,
      String owner,
      String hostname,
      Duration settling) {

    public Ambience(Tasks tasks, Time time, RandomGenerator random, String owner, String hostname) {
      this(tasks, time, random, owner, hostname, SETTLING);
    }
  }

  private record Active(JobRun run, long notBefore) {}

  private record Ended(long job, JobRun run, Duration pause) {}

  private final Cluster cluster;
  private final Ports ports;
  private final LeaseStore leases;
  private final Ambience ambience;
  private final RepeatedCauses causes;
  private final Map<Long, Active> active = new HashMap<>();

  public MoveJobWorker(Cluster cluster, Ports ports, Ambience ambience) {
    this.cluster = cluster;
    this.ports = ports;
    this.leases = ports.stores().leases();
    this.ambience = ambience;
    this.causes = new RepeatedCauses(log, ambience.time());
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var jobs = ports.upkeep().moves().running();
    active.keySet().retainAll(jobs.stream().map(MoveJob::id).collect(Collectors.toSet()));
    var due = jobs.stream().filter(this::isDue).toList();
    var runs = due.stream().map(job -> new Turn(job, run(job))).toList();
    for (var ended : ambience.tasks().forEach(runs, AT_ONCE, this::portion)) {
      long notBefore = ambience.time().nanoTime() + ended.pause().toNanos();
      active.put(ended.job(), new Active(ended.run(), notBefore));
    }
    return Pace.rest(untilNext(jobs));
  }

  private record Turn(MoveJob job, JobRun run) {}

  private boolean isDue(MoveJob job) {
    var known = active.get(job.id());
    return known == null || known.notBefore() - ambience.time().nanoTime() <= 0;
  }

  /** What this tracker has in mind of a job; nothing yet of one that it has just come to. */
  private JobRun run(MoveJob job) {
    var known = active.get(job.id());
    return known == null ? newRun(job) : known.run();
  }

  private JobRun newRun(MoveJob job) {
    var moves = ports.upkeep().moves();
    return switch (job.terms().kind()) {
      case DRAIN ->
          new DrainRun(cluster, moves, ports.moving(), ambience.time(), ambience.hostname());
      case EVEN ->
          new EvenRun(
              cluster,
              new EvenRun.Ports(
                  ports.stores().files(),
                  moves,
                  ports.upkeep().rebalance(),
                  ports.moving(),
                  ports.policies()),
              new EvenRun.Ambience(
                  ambience.time(), ambience.random(), ambience.hostname(), ambience.settling()));
    };
  }

  private Ended portion(Turn turn) {
    var job = turn.job();
    try {
      if (!leases.acquire("move:" + job.id(), ambience.owner(), LEASE)) {
        // What is in mind of it gets old while another carries it on.
        return new Ended(job.id(), newRun(job), OTHERS);
      }
      return new Ended(job.id(), turn.run(), turn.run().portion(job));
    } catch (StoreException e) {
      causes.warn("the database failed while files were moved", "job " + job.id());
      return new Ended(job.id(), turn.run(), AFTER_FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ended(job.id(), turn.run(), AFTER_FAILURE);
    }
  }

  private Duration untilNext(List<MoveJob> jobs) {
    long now = ambience.time().nanoTime();
    long least = IDLE.toNanos();
    for (var job : jobs) {
      var known = active.get(job.id());
      if (known != null) {
        least = Math.min(least, Math.max(0, known.notBefore() - now));
      }
    }
    return Duration.ofNanos(least);
  }
}
