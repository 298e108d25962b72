package io.hayloft.tracker.store;

import java.time.Duration;

/** Who of several trackers does what only one may do at a time. */
public interface LeaseStore {

  /**
   * Takes or renews a lease.
   *
   * @param owner names this tracker; the same owner may take its lease again before it ends
   * @return false while another owner has it
   */
  boolean acquire(String name, String owner, Duration length);

  /** As {@link #release}, for one of many names: leaves no trace of it. */
  void discard(String name, String owner);

  /** Gives a lease up early; nothing happens when the owner does not have it. */
  void release(String name, String owner);
}
