package io.hayloft.tracker.store;

/** The ports of what is remembered of devices, and of looking at an installation as a whole. */
public record CareStores(DeviceRecordStore records, InsightStore insight) {}
