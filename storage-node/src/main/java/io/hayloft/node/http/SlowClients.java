package io.hayloft.node.http;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off clients that send or take a byte now and then: no idle timeout notices them, and each
 * holds a connection, a file and a place among the requests for as long as it likes. Who waits for
 * the node, and not the node for them, may take any time.
 */
final class SlowClients {

  private static final Logger log = LoggerFactory.getLogger(SlowClients.class);
  private static final double NANOS = 1e9;

  private final double bytesPerNano;
  private final long windowNanos;
  private final Time time;
  private final AtomicLong cut = new AtomicLong();

  /**
   * @param bytesPerSecond 0 to cut nobody off
   * @param window for how long a client may be slower than that
   */
  SlowClients(long bytesPerSecond, Duration window, Time time) {
    this.bytesPerNano = bytesPerSecond / NANOS;
    this.windowNanos = window.toNanos();
    this.time = time;
  }

  /** To be called several times in a window, by one thread. */
  void look(Collection<EndPoint> endPoints) {
    if (bytesPerNano == 0) {
      return;
    }
    long now = time.nanoTime();
    for (var each : endPoints) {
      if (each instanceof SendfileEndPoint endPoint && isTooSlow(endPoint.pace(), endPoint, now)) {
        cut.incrementAndGet();
        log.debug("{} is too slow", endPoint.getRemoteSocketAddress());
        endPoint.close(new TimeoutException("the client is too slow"));
      }
    }
  }

  private boolean isTooSlow(Pace pace, SendfileEndPoint endPoint, long now) {
    if (!endPoint.waitsForClient()) {
      pace.waiting = false;
      return false;
    }
    if (!pace.waiting) {
      pace.begin(now, endPoint.moved());
      return false;
    }
    long elapsed = now - pace.sinceNanos;
    if (elapsed < windowNanos) {
      return false;
    }
    long moved = endPoint.moved() - pace.movedThen;
    pace.begin(now, endPoint.moved());
    return moved < bytesPerNano * elapsed;
  }

  /** How many there were. */
  long cut() {
    return cut.get();
  }

  /** What is known of one connection. */
  static final class Pace {
    private boolean waiting;
    private long sinceNanos;
    private long movedThen;

    private void begin(long now, long moved) {
      waiting = true;
      sinceNanos = now;
      movedThen = moved;
    }
  }
}
