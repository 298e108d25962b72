package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.Tracker.Surroundings;
import io.hayloft.tracker.command.Jobs;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.hayloft.tracker.work.FailedAttempts;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.WhenProbed;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.delete.DeleteWorker;
import io.hayloft.tracker.work.delete.ExpiredUploadsWorker;
import io.hayloft.tracker.work.fsck.FsckMeters;
import io.hayloft.tracker.work.fsck.FsckRunner;
import io.hayloft.tracker.work.fsck.FsckSchedule;
import io.hayloft.tracker.work.fsck.FsckWorker;
import io.hayloft.tracker.work.monitor.AutoDeadWorker;
import io.hayloft.tracker.work.monitor.Monitor;
import io.hayloft.tracker.work.monitor.OldAttemptsWorker;
import io.hayloft.tracker.work.reap.ReaperWorker;
import io.hayloft.tracker.work.rebalance.RebalanceInjector;
import io.hayloft.tracker.work.replicate.CopyRequests;
import io.hayloft.tracker.work.replicate.CopySlots;
import io.hayloft.tracker.work.replicate.CopyWaits;
import io.hayloft.tracker.work.replicate.QueueGauges;
import io.hayloft.tracker.work.replicate.ReplicateWorker;
import io.hayloft.tracker.work.replicate.Replication;
import io.hayloft.tracker.work.scrub.FindingsWorker;
import java.util.List;
import java.util.function.Supplier;

/**
 * The half of the wiring that makes the crews of the background jobs; {@link Tracker} starts and
 * ends them. Nobody has started a crew that comes from here.
 *
 * <p>Workers that judge what they see of devices begin when these have been probed once.
 */
record BackgroundWork(
    TrackerConfig.JobCounts counts,
    Parts parts,
    Crews crews,
    Surroundings surroundings,
    Name name) {

  /** What the workers work on and decide by. */
  record Parts(
      Monitor monitor,
      JdbcStores database,
      Nodes nodes,
      CopySources sources,
      ReplicationPolicies policies,
      Shared shared) {}

  /** What commands and all workers share. */
  record Shared(HeldClaims claims, CopyWaits waits) {}

  /** The storage nodes, and what only those of ours can do. */
  record Nodes(StorageNodes all, NativeNodes ours) {}

  /**
   * What this tracker is called.
   *
   * @param host the machine, which operators read where a run is taken on
   * @param owner tells trackers apart that share a database
   */
  record Name(String host, String owner) {}

  /** The jobs that an operator may size and turn off. */
  List<Job> jobs() {
    var slots = new CopySlots(CopySlots.Limits.USUAL, surroundings.time());
    var replicate = replicate(slots);
    return List.of(replicate, delete(), reaper(replicate.crew()::wake), fsck());
  }

  private Job replicate(CopySlots slots) {
    var stores = parts.database().stores();
    var requests =
        new CopyRequests(
            parts.nodes().all(),
            CopyRequests.Limits.USUAL,
            surroundings.tasks(),
            surroundings.time());
    var replication = replication(slots, requests);
    var copying = new MoveWork.Copying(replication, requests);
    var copies = new Workload();
    var moves = new Workload();
    var crew =
        crewWhenProbed(
            Jobs.REPLICATE,
            () ->
                new ReplicateWorker(
                    replication, stores, parts.shared().claims(), surroundings.tasks(), copies));
    return Job.of(crew, counts.replicate())
        .with(copies)
        .with("rebalance", moves)
        .with(new MoveWork(parts, crews, surroundings, name).crews(copying, moves, counts));
  }

  private Replication replication(CopySlots slots, CopyRequests requests) {
    return new Replication(
        parts.monitor(),
        new Replication.Parts(
            parts.database().stores(),
            parts.nodes().all(),
            slots,
            requests,
            parts.shared().claims(),
            new Replication.Told(attempts(), parts.shared().waits())),
        name.owner(),
        new Replication.Ambience(
            surroundings.tasks(),
            surroundings.time(),
            surroundings.random(),
            parts.policies(),
            parts.sources(),
            surroundings.metrics().registry()));
  }

  private FailedAttempts attempts() {
    return new FailedAttempts(parts.database().upkeep().attempts(), surroundings.time());
  }

  private Job delete() {
    var stores = parts.database().stores();
    var deletions = new Workload();
    var ports =
        new DeleteWorker.Ports(
            stores.deletion(), parts.nodes().all(), parts.shared().claims(), attempts());
    var ambience =
        new DeleteWorker.Ambience(
            surroundings.tasks(), surroundings.time(), surroundings.metrics().registry());
    var crew =
        crewWhenProbed(
            Jobs.DELETE, () -> new DeleteWorker(parts.monitor(), ports, ambience, deletions));
    var expire =
        crew(
            "expire",
            () -> new ExpiredUploadsWorker(stores.uploads(), stores.leases(), name.owner()));
    return Job.of(crew, counts.delete()).with(deletions).with(expire);
  }

  private Job reaper(Runnable queued) {
    var stores = parts.database().stores();
    return Job.of(
            crew(
                "reaper",
                () ->
                    new ReaperWorker(
                        parts.monitor(),
                        stores.replication(),
                        stores.leases(),
                        name.owner(),
                        surroundings.time(),
                        queued)),
            counts.reaper())
        .with(autoDead(), oldAttempts());
  }

  private Crew autoDead() {
    var database = parts.database();
    var worker =
        new AutoDeadWorker(
            parts.monitor(),
            database.upkeep().records(),
            database.stores().leases(),
            name.owner(),
            surroundings.time(),
            surroundings.metrics().registry());
    return crew("auto dead", () -> worker);
  }

  private Crew oldAttempts() {
    var database = parts.database();
    return crew(
        "old attempts",
        () ->
            new OldAttemptsWorker(
                database.upkeep().attempts(), database.stores().leases(), name.owner()));
  }

  private Job fsck() {
    var database = parts.database();
    var checks = new Workload();
    var ports =
        new FsckWorker.Ports(
            database.stores(),
            database.upkeep(),
            parts.nodes().all(),
            parts.nodes().ours(),
            parts.policies(),
            parts.shared().claims());
    var ambience =
        new FsckWorker.Ambience(
            surroundings.tasks(), surroundings.time(), surroundings.random(), name.owner());
    var crew =
        crewWhenProbed(Jobs.FSCK, () -> new FsckWorker(parts.monitor(), ports, ambience, checks));
    return Job.of(crew, counts.fsck()).with(checks).with(findings());
  }

  /** Damaged copies that nodes have found themselves. */
  private Crew findings() {
    var database = parts.database();
    var ports =
        new FindingsWorker.Ports(
            database.stores(), database.upkeep(), parts.nodes().all(), parts.nodes().ours());
    var ambience =
        new FindingsWorker.Ambience(
            surroundings.tasks(), surroundings.time(), surroundings.random(), name.owner());
    return crewWhenProbed("findings", () -> new FindingsWorker(parts.monitor(), ports, ambience));
  }

  /** What the original's job master does besides handing out work: it moves long runs on. */
  List<Crew> behindMaster() {
    var leases = parts.database().stores().leases();
    var upkeep = parts.database().upkeep();
    var moves =
        new RebalanceInjector.Ambience(
            surroundings.time(), surroundings.random(), name.owner(), name.host());
    return List.of(
        crew("claims", parts.shared()::claims),
        crew("queue", gauges()),
        fsckRun(),
        fsckSchedule(),
        crew(
            "rebalance injection",
            () ->
                new RebalanceInjector(
                    parts.monitor(), new RebalanceInjector.Ports(upkeep, leases), moves)));
  }

  private Crew fsckRun() {
    var database = parts.database();
    var ports =
        new FsckRunner.Ports(
            database.stores(), database.upkeep(), parts.nodes().ours(), parts.policies());
    var ambience =
        new FsckRunner.Ambience(
            surroundings.tasks(),
            surroundings.time(),
            surroundings.random(),
            name.owner(),
            name.host());
    return crewWhenProbed("fsck run", () -> new FsckRunner(parts.monitor(), ports, ambience));
  }

  private Crew fsckSchedule() {
    var database = parts.database();
    var meters = new FsckMeters(surroundings.metrics().registry());
    return crew(
        "fsck schedule",
        () ->
            new FsckSchedule(
                parts.monitor(),
                database.upkeep().fsckRuns(),
                database.stores().leases(),
                new FsckSchedule.Identity(name.owner(), name.host()),
                surroundings.time(),
                meters));
  }

  private Supplier<QueueGauges> gauges() {
    var gauges =
        new QueueGauges(parts.database().stores().replication(), surroundings.metrics().registry());
    return () -> gauges;
  }

  private Crew crewWhenProbed(String job, Supplier<? extends Worker> workers) {
    return crew(job, () -> new WhenProbed(parts.monitor()::isReady, workers.get()));
  }

  private Crew crew(String job, Supplier<? extends Worker> workers) {
    return crews.crew(job, workers);
  }
}
