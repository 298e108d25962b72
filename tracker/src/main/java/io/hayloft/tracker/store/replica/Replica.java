package io.hayloft.tracker.store.replica;

import io.hayloft.tracker.store.FileLookups;

/** An opened read replica. Opening connects to nothing; closing ends all its connections. */
public interface Replica extends AutoCloseable {

  /** Fails with a {@code StoreException} within about the patience of its address. */
  FileLookups lookups();

  @Override
  void close();

  /** Opens replicas. */
  @FunctionalInterface
  interface Opener {
    Replica open(ReplicaAddress address);
  }
}
