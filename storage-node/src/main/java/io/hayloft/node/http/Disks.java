package io.hayloft.node.http;

import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.protocol.DeviceId;
import java.util.function.Predicate;

/**
 * What requests are answered from.
 *
 * @param isKnown whether the node has a device, as of its last look
 */
public record Disks(
    Docroot docroot,
    BlobStore store,
    OpenBlobs openBlobs,
    DiskLanes lanes,
    DiskComplaints complaints,
    Predicate<DeviceId> isKnown) {}
