package io.hayloft.tracker.model;

import java.time.Duration;

/**
 * The present {@link ClusterView} and the means to have a newer one.
 *
 * <p>Implementers owe that {@link #view} never blocks once the first round is over, and that a view
 * never goes back to an older state of the database.
 */
public interface Cluster {

  /** The newest view. */
  ClusterView view();

  /** Whether the devices have been probed once; until then nobody can be told where to store. */
  boolean isReady();

  /** Waits for the first round; false when it is not over within the limit. */
  boolean awaitReady(Duration limit) throws InterruptedException;

  /**
   * Reads the database now and returns a view at least as new as the call. For what is not found in
   * the present view: another tracker may just have created it.
   */
  ClusterView reread();

  /**
   * Reads the database and probes all devices, and returns when a round that began after the call
   * has ended. Calls that wait at the same time share one.
   */
  void refresh() throws InterruptedException;

  /** Waits for the end of the next round without asking for one. */
  void awaitRound() throws InterruptedException;
}
