package io.hayloft.tracker.command;

import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.plugin.Plugins;
import io.hayloft.tracker.store.Stores;

/** What commands act on. */
public record Backend(
    Cluster cluster, Stores stores, StorageNodes nodes, Jobs jobs, Plugins plugins) {}
