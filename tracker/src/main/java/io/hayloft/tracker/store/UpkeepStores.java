package io.hayloft.tracker.store;

/**
 * The ports of what keeps a whole installation in order: checking all files and moving them, what
 * failed for files, and the claims on the rows of all queues.
 */
public record UpkeepStores(
    FsckStore fsck,
    RebalanceStore rebalance,
    TodoStore todo,
    AttemptStore attempts,
    ClaimStore claims,
    MoveJobStore moves) {}
