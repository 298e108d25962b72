package io.hayloft.node.http;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;

/** What requests are answered from. */
public record Disks(
    Docroot docroot,
    BlobStore store,
    OpenBlobs openBlobs,
    DiskLanes lanes,
    DiskComplaints complaints) {}
