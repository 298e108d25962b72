package io.hayloft.node.device;

import io.hayloft.node.blob.DiskException;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people when disks fail, without a line for every request: for each disk and kind of failure
 * one line, then at most one a minute with how many there were.
 */
public final class DiskComplaints {

  private static final Logger log = LoggerFactory.getLogger(DiskComplaints.class);
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private final Time time;
  private final LongAdder total = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Cause, Told> told = new HashMap<>();

  private record Cause(DeviceId device, DiskException.Code code) {}

  private record Told(long atNanos, long sinceThen) {}

  public DiskComplaints(Time time) {
    this.time = time;
  }

  /**
   * @param what the file, for the line in the log
   */
  public void report(DeviceId device, DiskException failure, String what) {
    if (failure.isInterruption()) {
      log.debug("dev{}: {} was interrupted", device, what);
      return;
    }
    total.increment();
    long untold = countOrTell(new Cause(device, failure.code()));
    if (untold < 0) {
      return;
    }
    switch (failure.code()) {
      case BROKEN ->
          log.error("dev{} fails: {} at {} ({} before)", device, failure, what, untold, failure);
      case FULL, READ_ONLY, DENIED ->
          log.warn("dev{}: {} at {} ({} before)", device, failure.getMessage(), what, untold);
      case IN_THE_WAY, BAD_NAME ->
          log.info("dev{}: {} at {} ({} before)", device, failure.getMessage(), what, untold);
    }
  }

  /** How many failures there were since the start. */
  public long total() {
    return total.sum();
  }

  /** How many went untold since the last line, if it is time for one; else -1. */
  private long countOrTell(Cause cause) {
    long now = time.nanoTime();
    lock.lock();
    try {
      var last = told.get(cause);
      if (last != null && now - last.atNanos() < BETWEEN.toNanos()) {
        told.put(cause, new Told(last.atNanos(), last.sinceThen() + 1));
        return -1;
      }
      told.put(cause, new Told(now, 0));
      return last == null ? 0 : last.sinceThen();
    } finally {
      lock.unlock();
    }
  }
}
