package io.hayloft.tracker.store;

/** The ports together, as one database offers them. */
public record Stores(
    FileStore files,
    UploadStore uploads,
    ReplicationStore replication,
    DeletionStore deletion,
    RegistryStore registry,
    LeaseStore leases) {}
