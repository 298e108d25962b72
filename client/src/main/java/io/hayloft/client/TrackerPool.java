package io.hayloft.client;

import io.hayloft.client.net.Deadline;
import io.hayloft.client.net.TimedOutException;
import io.hayloft.client.net.World;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one tracker, and whether it is worth asking. A tracker that failed is left
 * alone for {@link #REST} as long as another one answers.
 */
final class TrackerPool implements Closeable {

  static final Duration REST = Duration.ofSeconds(5);

  private final TrackerAddress address;
  private final Timeouts timeouts;
  private final Limits limits;
  private final World world;
  private final Semaphore permits;
  private final Deque<TrackerConnection> idle = new ArrayDeque<>();
  private boolean closed;
  private boolean failing;
  private long failedAtNanos;

  TrackerPool(TrackerAddress address, Timeouts timeouts, Limits limits, World world) {
    this.address = address;
    this.timeouts = timeouts;
    this.limits = limits;
    this.world = world;
    this.permits = new Semaphore(limits.connectionsPerTracker(), true);
  }

  TrackerAddress address() {
    return address;
  }

  synchronized boolean resting() {
    return failing && world.nanos() - failedAtNanos < REST.toNanos();
  }

  private synchronized void failed() {
    failing = true;
    failedAtNanos = world.nanos();
  }

  private synchronized void answered() {
    failing = false;
  }

  /**
   * Sends a request and reads its reply on a connection of its own while that takes. A kept
   * connection that turns out to be dead is replaced by a fresh one where the request allows it.
   */
  Reply exchange(Request request, Call.Replay replay, Deadline deadline)
      throws ExchangeFailedException {
    acquire(deadline);
    try {
      var kept = takeReady();
      if (kept.isPresent()) {
        try {
          return exchangeOn(kept.get(), request, deadline);
        } catch (ExchangeFailedException stale) {
          boolean mayRepeat = !stale.maybeProcessed() || replay == Call.Replay.ALWAYS;
          if (!mayRepeat || interrupted(stale) || timedOut(stale)) {
            throw stale;
          }
        }
      }
      return exchangeOn(connect(deadline), request, deadline);
    } catch (ExchangeFailedException e) {
      if (!interrupted(e)) {
        failed();
      }
      throw e;
    } finally {
      permits.release();
    }
  }

  private static boolean interrupted(ExchangeFailedException e) {
    return e.getCause() instanceof InterruptedIOException;
  }

  private static boolean timedOut(ExchangeFailedException e) {
    return e.getCause() instanceof TimedOutException;
  }

  private Reply exchangeOn(TrackerConnection connection, Request request, Deadline deadline)
      throws ExchangeFailedException {
    boolean kept = false;
    try {
      var reply = connection.exchange(request, deadline);
      answered();
      kept = connection.ready() && keep(connection);
      return reply;
    } finally {
      if (!kept) {
        connection.close();
      }
    }
  }

  private void acquire(Deadline deadline) throws ExchangeFailedException {
    try {
      if (!permits.tryAcquire(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
        throw new ExchangeFailedException(
            new TimedOutException(
                "all " + limits.connectionsPerTracker() + " connections were busy"),
            false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExchangeFailedException(
          new InterruptedIOException("interrupted while waiting for a free connection"), false);
    }
  }

  private TrackerConnection connect(Deadline deadline) throws ExchangeFailedException {
    try {
      return TrackerConnection.open(
          address, limits.replyBytes(), deadline.within(timeouts.connect()));
    } catch (IOException e) {
      throw new ExchangeFailedException(e, false);
    }
  }

  private Optional<TrackerConnection> takeReady() {
    while (true) {
      Optional<TrackerConnection> next;
      synchronized (this) {
        next = Optional.ofNullable(idle.pollFirst());
      }
      if (next.isEmpty() || next.get().ready()) {
        return next;
      }
      next.get().close();
    }
  }

  private synchronized boolean keep(TrackerConnection connection) {
    if (closed) {
      return false;
    }
    idle.addFirst(connection);
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(TrackerConnection::close);
    idle.clear();
  }
}
