package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.HostId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many copies are under way at a time: in all, from one host, to one host. A host that hangs
 * thereby holds up a few copies and never all. Source and destination are taken together, so that
 * nobody holds one while he waits for the other.
 *
 * <p>Also remembers which devices took long to fail, for as long as the monitor may need to see it
 * too.
 */
public final class CopySlots {

  private static final Duration SLOW_FOR = Duration.ofSeconds(10);

  /** How many at a time. */
  public record Limits(int total, int perSource, int perDestination) {

    public static final Limits USUAL = new Limits(32, 8, 8);

    public Limits {
      if (total < 1 || perSource < 1 || perDestination < 1) {
        throw new IllegalArgumentException("at least one copy at a time");
      }
    }
  }

  private final Limits limits;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final Map<HostId, Integer> reading = new HashMap<>();
  private final Map<HostId, Integer> writing = new HashMap<>();
  private final Map<DeviceId, Long> slow = new HashMap<>();
  private int total;

  public CopySlots(Limits limits, Time time) {
    this.limits = limits;
    this.time = time;
  }

  /** Waits for a place; false when there is none within the limit. */
  public boolean acquire(HostId from, HostId to, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (isFull(from, to)) {
        if (left <= 0) {
          return false;
        }
        left = freed.awaitNanos(left);
      }
      total++;
      reading.merge(from, 1, Integer::sum);
      writing.merge(to, 1, Integer::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(HostId from, HostId to) {
    return total >= limits.total()
        || reading.getOrDefault(from, 0) >= limits.perSource()
        || writing.getOrDefault(to, 0) >= limits.perDestination();
  }

  public void release(HostId from, HostId to) {
    lock.lock();
    try {
      total--;
      reading.merge(from, -1, (a, b) -> a + b == 0 ? null : a + b);
      writing.merge(to, -1, (a, b) -> a + b == 0 ? null : a + b);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A device took long and then failed. */
  void noteSlow(DeviceId device) {
    lock.lock();
    try {
      slow.put(device, time.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  Set<DeviceId> slow() {
    lock.lock();
    try {
      if (slow.isEmpty()) {
        return Set.of();
      }
      slow.values().removeIf(since -> time.since(since).compareTo(SLOW_FOR) > 0);
      return new HashSet<>(slow.keySet());
    } finally {
      lock.unlock();
    }
  }
}
