package io.hayloft.tracker.command;

import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.Stores;

/**
 * What commands act on.
 *
 * @param policies those that a class may keep its files by
 */
public record Backend(
    Cluster cluster,
    Stores stores,
    StorageNodes nodes,
    Jobs jobs,
    ReplicationPolicies policies) {}
