package io.hayloft.node.requests;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.runtime.task.Tasks;

/** What native requests stand on. */
public record Ground(
    BlobStore store, DiskShare share, DiskComplaints complaints, Tasks tasks, Tally tally) {}
