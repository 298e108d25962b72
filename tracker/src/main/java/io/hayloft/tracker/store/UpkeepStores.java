package io.hayloft.tracker.store;

/**
 * The ports of what keeps a whole installation in order: checking all files and moving them, what
 * failed for files, and the claims on the rows of all queues.
 */
public record UpkeepStores(
    FsckStore fsck,
    FsckRunStore fsckRuns,
    TodoStore todo,
    ClaimStore claims,
    MoveStores moving,
    CareStores care) {

  public RebalanceStore rebalance() {
    return moving.rebalance();
  }

  public MoveJobStore moves() {
    return moving.jobs();
  }

  public AttemptStore attempts() {
    return care.attempts();
  }

  public DeviceRecordStore records() {
    return care.records();
  }

  public InsightStore insight() {
    return care.insight();
  }
}
