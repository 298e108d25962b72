package io.hayloft.tracker;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.BackgroundWork.Name;
import io.hayloft.tracker.BackgroundWork.Parts;
import io.hayloft.tracker.Tracker.Surroundings;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.WhenProbed;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.rebalance.BatchMoving;
import io.hayloft.tracker.work.rebalance.MoveJobWorker;
import io.hayloft.tracker.work.rebalance.RebalanceWorker;
import io.hayloft.tracker.work.replicate.CopyMaking;
import io.hayloft.tracker.work.replicate.CopyRequests;
import io.hayloft.tracker.work.replicate.Replication;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The part of {@link BackgroundWork} that moves files between devices. */
record MoveWork(Parts parts, Crews crews, Surroundings surroundings, Name name) {

  /** What replication has, too: who is at files, and how copies are made. */
  record Copying(Replication replication, CopyRequests requests) {}

  /** The crews that move what a rebalance has queued, and that carry jobs on. */
  Crew[] crews(Copying copying, Workload load, TrackerConfig.JobCounts counts) {
    var moving = moving(copying);
    var stores = parts.database().stores();
    var upkeep = parts.database().upkeep();
    var rebalance =
        crewWhenProbed(
            "rebalance",
            () ->
                new RebalanceWorker(
                    parts.monitor(),
                    new RebalanceWorker.Ports(
                        stores.files(), upkeep.todo(), parts.shared().claims(), moving),
                    counts.rebalanceIgnoreMissing(),
                    surroundings.time(),
                    load));
    var jobs =
        crewWhenProbed(
            "moves",
            () ->
                new MoveJobWorker(
                    parts.monitor(),
                    new MoveJobWorker.Ports(stores, upkeep, moving, parts.policies()),
                    new MoveJobWorker.Ambience(
                        surroundings.tasks(),
                        surroundings.time(),
                        surroundings.random(),
                        name.owner(),
                        name.host())));
    return new Crew[] {rebalance, jobs};
  }

  private Crew crewWhenProbed(String job, Supplier<? extends Worker> workers) {
    return crews.crew(job, () -> new WhenProbed(parts.monitor()::isReady, workers.get()));
  }

  private BatchMoving moving(Copying copying) {
    var stores = parts.database().stores();
    return new BatchMoving(
        parts.monitor(),
        new BatchMoving.Ports(
            parts.nodes().all(),
            stores.files(),
            stores.replication(),
            new BatchMoving.Copies(
                copying.requests(),
                new CopyMaking(parts.nodes().all(), stores.replication(), parts.sources())),
            parts.policies()),
        new BatchMoving.Exclusion(
            copying.replication(),
            new FidLeases(
                stores.leases(), name.owner(), surroundings.time(), surroundings.random())),
        surroundings.tasks(),
        surroundings.random(),
        new RepeatedCauses(LoggerFactory.getLogger(BatchMoving.class), surroundings.time()));
  }
}
