package io.hayloft.tracker.plugin;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.store.PathStore;
import io.hayloft.tracker.store.Stores;

/**
 * What a plugin stands on: the tracker's view of the cluster, the database behind its ports, and
 * the clock. A plugin that needs tables of its own brings its own connection.
 */
public record Ground(Cluster cluster, Stores stores, PathStore paths, Time time) {}
