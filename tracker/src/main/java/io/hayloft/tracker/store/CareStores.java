package io.hayloft.tracker.store;

/** What is remembered of files and devices, and ports for looking at an installation as a whole. */
public record CareStores(
    AttemptStore attempts,
    DeviceRecordStore records,
    InsightStore insight,
    LocationStore locations) {}
