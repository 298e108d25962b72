package io.hayloft.tracker.store;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.StoredFile;
import java.util.Set;

/**
 * What a transaction changes of what look-ups tell.
 *
 * @param names as they were stored, byte by byte: those that will stand for another file or none
 * @param fids of files that will have other locations
 */
public record LookupChanges(Set<StoredFile.Name> names, Set<Fid> fids) {

  public LookupChanges {
    names = Set.copyOf(names);
    fids = Set.copyOf(fids);
  }

  public boolean isEmpty() {
    return names.isEmpty() && fids.isEmpty();
  }
}
