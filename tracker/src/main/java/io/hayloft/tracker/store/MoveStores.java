package io.hayloft.tracker.store;

/** The ports of moving files from some devices to others. */
public record MoveStores(RebalanceStore rebalance, MoveJobStore jobs) {}
