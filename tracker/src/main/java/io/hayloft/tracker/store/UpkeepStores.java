package io.hayloft.tracker.store;

/** The ports of what keeps a whole installation in order: checking all files, and moving them. */
public record UpkeepStores(
    FsckStore fsck,
    RebalanceStore rebalance,
    TodoStore todo,
    AttemptStore attempts,
    MoveJobStore moves,
    LocationStore locations) {}
