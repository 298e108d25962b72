package io.hayloft.tracker.store;

/**
 * The ports of what keeps a whole installation in order: checking all files and moving them, what
 * failed for files, what is remembered of devices, and the claims on the rows of all queues.
 */
public record UpkeepStores(
    FsckStore fsck,
    RebalanceStore rebalance,
    TodoStore todo,
    ClaimStore claims,
    MoveJobStore moves,
    CareStores care) {

  public AttemptStore attempts() {
    return care.attempts();
  }

  public DeviceRecordStore records() {
    return care.records();
  }

  public InsightStore insight() {
    return care.insight();
  }

  public LocationStore locations() {
    return care.locations();
  }
}
