package io.hayloft.tracker.store;

/**
 * The ports of what is remembered of devices and of what failed for files, and of looking at an
 * installation as a whole.
 */
public record CareStores(AttemptStore attempts, DeviceRecordStore records, InsightStore insight) {}
