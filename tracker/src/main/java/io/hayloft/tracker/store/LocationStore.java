package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.util.Collection;
import java.util.Set;

/** Where copies are, for many files at a time. */
public interface LocationStore {

  /** A copy whose bytes were removed. */
  record Removed(Fid fid, DeviceId from) {}

  /** Forgets copies and recounts. */
  void removed(Collection<Removed> copies);

  /** Those of the files that are queued for replication: somebody may be copying them. */
  Set<Fid> beingReplicated(Collection<Fid> fids);
}
