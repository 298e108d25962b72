package io.hayloft.tracker.command;

import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.Stores;

/**
 * What commands act on.
 *
 * @param lookups for commands that only read and may be answered by others than the primary
 */
public record Backend(
    Cluster cluster,
    Stores stores,
    FileLookups lookups,
    StorageNodes nodes,
    Jobs jobs,
    Plugins plugins) {}
