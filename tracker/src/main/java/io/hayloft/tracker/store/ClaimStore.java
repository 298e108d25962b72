package io.hayloft.tracker.store;

import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;

/**
 * Claims on rows of the queues. They are short, so that the work of a tracker that dies is soon
 * taken over, and are prolonged while the work goes on.
 *
 * <p>A claim is a row's time, and that time tells it from any other. Prolonging changes it, always
 * by {@link #STEP}; so whoever settles a claim that ends at {@code until} takes {@code until} and
 * {@code until + STEP} for his, and need not know whether it is being prolonged at that moment.
 */
public interface ClaimStore {

  /** By how much a claim is prolonged at a time. */
  Duration STEP = Duration.ofSeconds(8);

  /** The queues whose rows are claimed. */
  enum Queue {
    REPLICATION,
    DELETION,
    FSCK,
    REBALANCE
  }

  /**
   * Prolongs claims that end at that time by {@link #STEP}. Rows that are not claimed like that any
   * more stay as they are: somebody made them due, or took them over.
   */
  void prolong(Queue queue, long until, Collection<Fid> fids);
}
