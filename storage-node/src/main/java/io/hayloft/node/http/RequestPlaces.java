package io.hayloft.node.http;

import io.hayloft.protocol.DeviceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many native requests of one kind are under way: so many in all, and half of them for any one
 * disk, so that a disk that hangs does not keep the requests for others out until they give it up.
 * What they were asked for, which stays in memory meanwhile, is bounded over all kinds.
 */
final class RequestPlaces {

  private final int all;
  private final int each;
  private final Lists lists;
  private final Map<DeviceId, Integer> ofDisks = new HashMap<>();
  private int taken;

  /** The bytes of all lists that are being worked on. */
  static final class Lists {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    Lists(long most) {
      this.most = most;
    }

    private boolean take(long bytes) {
      if (held.addAndGet(bytes) <= most) {
        return true;
      }
      held.addAndGet(-bytes);
      return false;
    }
  }

  RequestPlaces(int all, Lists lists) {
    this.all = all;
    this.each = Math.max(1, all / 2);
    this.lists = lists;
  }

  /** A place for one more; empty when there is none. */
  synchronized Optional<Place> enter() {
    if (taken == all) {
      return Optional.empty();
    }
    taken++;
    return Optional.of(new Place());
  }

  private synchronized Optional<DeviceId> claim(Set<DeviceId> disks) {
    var full = disks.stream().filter(disk -> ofDisks.getOrDefault(disk, 0) >= each).findFirst();
    if (full.isEmpty()) {
      disks.forEach(disk -> ofDisks.merge(disk, 1, Integer::sum));
    }
    return full;
  }

  private synchronized void leave(Set<DeviceId> disks) {
    taken--;
    disks.forEach(
        disk -> ofDisks.computeIfPresent(disk, (_, users) -> users == 1 ? null : users - 1));
  }

  /** For how many disks requests are under way. */
  synchronized int disks() {
    return ofDisks.size();
  }

  /** One request's place. Used by one thread at a time. */
  final class Place {
    private Set<DeviceId> disks = Set.of();
    private long bytes;

    /** Whether it may hold so many more bytes of what was asked for. */
    boolean hold(int more) {
      boolean may = lists.take(more);
      bytes += may ? more : 0;
      return may;
    }

    /**
     * Says which disks the request waits for; the one for which there are too many, if there is.
     */
    Optional<DeviceId> claim(Set<DeviceId> wanted) {
      var full = RequestPlaces.this.claim(wanted);
      disks = full.isEmpty() ? wanted : Set.of();
      return full;
    }

    /** To be called once. */
    void leave() {
      lists.held.addAndGet(-bytes);
      RequestPlaces.this.leave(disks);
    }
  }
}
