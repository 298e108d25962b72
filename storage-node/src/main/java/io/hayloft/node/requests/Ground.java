package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;

/** What native requests stand on. */
public record Ground(
    BlobStore store,
    DiskShare share,
    DiskComplaints complaints,
    Tasks tasks,
    Time time,
    Tally tally) {}
