package io.hayloft.tracker.command;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.tracker.model.HostId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests that cannot go on without a certain host. One that hangs would soon have all that come
 * for it, each for seconds, and nobody else would be answered; so of the places of requests those
 * who wait for one host keep a few only, further ones wait without, and very many are refused.
 */
final class HostWaits {

  /** So many keep their places: a host that is well is rarely waited for by more at a time. */
  static final int WITH_A_PLACE = 64;

  /** So many keep them where the host is known to keep others waiting. */
  static final int WITH_A_PLACE_FOR_A_SUSPECT = 8;

  /** Fewer than the HTTP client lets wait for a node, which would take the rest for unreachable. */
  static final int MOST = 512;

  private final Places places;
  private final Suspects suspects;
  private final Map<HostId, Integer> waiting = new ConcurrentHashMap<>();

  HostWaits(Places places, Suspects suspects) {
    this.places = places;
    this.suspects = suspects;
  }

  /**
   * Waits for a host.
   *
   * @throws Refused when too many do so already; the request has done nothing yet
   */
  <T> T await(HostId host, Places.Wait<T> wait) throws InterruptedException {
    int now = waiting.merge(host, 1, Integer::sum);
    try {
      if (now > MOST) {
        throw new Refused(ErrorCode.BUSY);
      }
      return now > keeping(host) ? places.aside(wait) : wait.await();
    } finally {
      leave(host);
    }
  }

  /**
   * Counts one that waits for a host without a thread, and keeps its place; it {@link #leave}s in
   * the end. False when it is not one of those few.
   */
  boolean enter(HostId host) {
    int now = waiting.merge(host, 1, Integer::sum);
    boolean keeps = now <= keeping(host);
    if (!keeps) {
      leave(host);
    }
    return keeps;
  }

  void leave(HostId host) {
    waiting.computeIfPresent(host, (_, count) -> count == 1 ? null : count - 1);
  }

  private int keeping(HostId host) {
    return suspects.contains(host) ? WITH_A_PLACE_FOR_A_SUSPECT : WITH_A_PLACE;
  }
}
