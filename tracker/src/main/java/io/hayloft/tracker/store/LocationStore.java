package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Where copies are, changed for many files in one transaction. */
public interface LocationStore {

  /**
   * A copy that was made.
   *
   * @param checksum computed on the way, to keep where none is kept yet
   */
  record NewCopy(Fid fid, DeviceId to, Optional<Checksum> checksum) {}

  /**
   * Records copies, each as {@link ReplicationStore#copied} does.
   *
   * @return the files that are gone
   */
  Set<Fid> copied(Collection<NewCopy> copies);

  /** A copy whose bytes were removed. */
  record Removed(Fid fid, DeviceId from) {}

  /** Forgets copies and recounts. */
  void removed(Collection<Removed> copies);

  /** Those of the files that are queued for replication: somebody may be copying them. */
  Set<Fid> beingReplicated(Collection<Fid> fids);
}
