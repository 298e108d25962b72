package io.hayloft.tracker.store;

/**
 * The ports of what keeps a whole installation in order: checking all files and moving them, what
 * failed for files, and the claims on the rows of all queues.
 */
public record UpkeepStores(
    FsckStore fsck,
    FsckRunStore fsckRuns,
    RebalanceStore rebalance,
    TodoStore todo,
    AttemptStore attempts,
    ClaimStore claims,
    CareStores care) {

  public DeviceRecordStore records() {
    return care.records();
  }

  public InsightStore insight() {
    return care.insight();
  }
}
