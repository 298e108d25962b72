package io.hayloft.tracker.node.http;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How storage nodes are spoken to.
 *
 * @param limits how long a node may take
 * @param sideChannelPort the port of digests, the same on all nodes; 0 where there is none
 * @param copyFromGetPort whether copies read from the port that clients read from
 * @param skipMkcol whether directories are left for the nodes to make; asked each time, because it
 *     is a setting of the cluster
 */
public record NodeOptions(
    Limits limits, int sideChannelPort, boolean copyFromGetPort, BooleanSupplier skipMkcol) {

  /**
   * How long a node may take.
   *
   * @param connect to accept a connection
   * @param reply to answer a small request, connecting included
   * @param stall without a byte moving while a file is read or written
   */
  public record Limits(Duration connect, Duration reply, Duration stall) {

    public static final Limits USUAL =
        new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(45));
  }

  /** What holds where nothing else was configured. */
  public static NodeOptions usual() {
    return new NodeOptions(Limits.USUAL, 7501, false, () -> false);
  }
}
