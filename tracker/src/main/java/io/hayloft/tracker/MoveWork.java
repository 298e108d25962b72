package io.hayloft.tracker;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.tracker.BackgroundWork.Name;
import io.hayloft.tracker.BackgroundWork.Parts;
import io.hayloft.tracker.Tracker.Surroundings;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.rebalance.BatchMoving;
import io.hayloft.tracker.work.rebalance.MoveJobWorker;
import io.hayloft.tracker.work.rebalance.RebalanceWorker;
import io.hayloft.tracker.work.replicate.Replication;
import org.slf4j.LoggerFactory;

/** The part of {@link BackgroundWork} that moves files between devices. */
record MoveWork(Parts parts, Surroundings surroundings, Name name) {

  /**
   * The crews that move what a rebalance has queued, and that carry jobs on.
   *
   * @param replication keeps the copies of one file from being made twice at a time
   */
  Crew[] crews(Replication replication, Workload load, TrackerConfig.JobCounts counts) {
    var moving = moving(replication);
    var stores = parts.database().stores();
    var upkeep = parts.database().upkeep();
    var rebalance =
        BackgroundWork.crewWhenProbed(
            surroundings,
            parts.monitor(),
            "rebalance",
            () ->
                new RebalanceWorker(
                    parts.monitor(),
                    new RebalanceWorker.Ports(stores.files(), upkeep.todo(), moving),
                    counts.rebalanceIgnoreMissing(),
                    surroundings.time(),
                    load));
    var jobs =
        BackgroundWork.crewWhenProbed(
            surroundings,
            parts.monitor(),
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

  private BatchMoving moving(Replication replication) {
    var stores = parts.database().stores();
    return new BatchMoving(
        parts.monitor(),
        new BatchMoving.Ports(
            parts.nodes(),
            stores.files(),
            parts.database().upkeep().locations(),
            stores.replication(),
            parts.policies()),
        new BatchMoving.Exclusion(
            replication,
            new FidLeases(
                stores.leases(), name.owner(), surroundings.time(), surroundings.random())),
        surroundings.tasks(),
        surroundings.random(),
        new RepeatedCauses(LoggerFactory.getLogger(BatchMoving.class), surroundings.time()));
  }
}
