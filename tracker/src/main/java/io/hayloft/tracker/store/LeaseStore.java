package io.hayloft.tracker.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/** Who of several trackers does what only one may do at a time. */
public interface LeaseStore {

  /**
   * Takes or renews a lease.
   *
   * @param owner names this tracker; the same owner may take its lease again before it ends
   * @return false while another owner has it
   */
  boolean acquire(String name, String owner, Duration length);

  /** Takes or renews each of many leases; tells which of them this owner has. */
  Set<String> acquireAll(Collection<String> names, String owner, Duration length);

  /** As {@link #release}, for one of many names: leaves no trace of it. */
  void discard(String name, String owner);

  /** As {@link #discard}, for many. */
  void discardAll(Collection<String> names, String owner);

  /** Gives a lease up early; nothing happens when the owner does not have it. */
  void release(String name, String owner);
}
