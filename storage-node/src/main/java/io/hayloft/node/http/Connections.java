package io.hayloft.node.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there are. Beyond the bound some more are accepted, only to be told that it
 * is too much: a client that would have to wait in the kernel's queue could not tell a busy node
 * from a dead one.
 */
final class Connections {

  private static final int FEWEST_TOLD = 16;
  private static final int MOST_TOLD = 512;
  private static final int SHARE_TOLD = 8;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  Connections(int most) {
    this.most = most;
  }

  /** How many are accepted to be told so, beside that many that are served. */
  static int told(int most) {
    return Math.clamp(most / SHARE_TOLD, FEWEST_TOLD, MOST_TOLD);
  }

  /** How many are accepted in all. */
  int accepted() {
    return most + told(most);
  }

  /** One more; false when it is too many. */
  boolean opened() {
    return open.incrementAndGet() <= most;
  }

  void closed() {
    open.decrementAndGet();
  }

  int open() {
    return open.get();
  }
}
