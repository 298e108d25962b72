package io.hayloft.tracker.store;

/** The ports of what keeps a whole installation in order: checking all files, and moving them. */
public record UpkeepStores(
    FsckStore fsck,
    RebalanceStore rebalance,
    TodoStore todo,
    AttemptStore attempts,
    CareStores care) {

  public DeviceRecordStore records() {
    return care.records();
  }

  public InsightStore insight() {
    return care.insight();
  }
}
