package io.hayloft.tracker.server;

/**
 * Memory that all connections together may hold for clients that are slow. Each alone is bounded
 * too, but twenty thousand of them are not.
 */
final class Allowance {

  private final long most;
  private long taken;

  /**
   * @param most in bytes
   */
  Allowance(long most) {
    this.most = most;
  }

  private synchronized boolean exchange(long before, long now) {
    if (now > before && taken + now - before > most) {
      return false;
    }
    taken += now - before;
    return true;
  }

  synchronized long taken() {
    return taken;
  }

  /** A part of it for one connection, nothing at first. */
  Share share() {
    return new Share();
  }

  /** What one connection holds. */
  final class Share {

    private long held;
    private boolean closed;

    /** From now on holds so many bytes; false, and nothing changes, when that is too much. */
    synchronized boolean hold(long bytes) {
      if (closed || bytes == held) {
        return !closed;
      }
      if (!exchange(held, bytes)) {
        return false;
      }
      held = bytes;
      return true;
    }

    /** Holds nothing any more, for good. */
    synchronized void close() {
      exchange(held, 0);
      held = 0;
      closed = true;
    }
  }
}
