package io.hayloft.tracker.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one connection, one thing after the other. A client that does not read for so long that
 * nothing can be written is given up: the end point's idle time-out runs only while a write waits,
 * so a client that asks nothing may stay for ever.
 */
final class Outbox implements Callback {

  private final EndPoint endPoint;
  private final Duration patience;
  private final Allowance.Share unread;
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private @Nullable Parcel sending;

  private record Parcel(ByteBuffer bytes, Callback sent) {}

  /**
   * @param unread accounts for what the client leaves unread
   */
  Outbox(EndPoint endPoint, Duration patience, Allowance.Share unread) {
    this.endPoint = endPoint;
    this.patience = patience;
    this.unread = unread;
  }

  /** Sends bytes after those given before; the callback is told when they are on their way. */
  void send(ByteBuffer bytes, Callback sent) {
    synchronized (waiting) {
      if (sending != null) {
        waiting.add(new Parcel(bytes, sent));
        return;
      }
      sending = new Parcel(bytes, sent);
    }
    write(bytes);
  }

  /** The connection is gone. */
  void close() {
    unread.close();
  }

  /** How many sends wait for one that cannot go on. */
  int backlog() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  private void write(ByteBuffer bytes) {
    try {
      if (endPoint.flush(bytes)) {
        succeeded();
      } else if (!unread.hold(bytes.remaining())) {
        failed(new IOException("too much is left unread by clients"));
      } else {
        endPoint.setIdleTimeout(patience.toMillis());
        endPoint.write(this, bytes);
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void succeeded() {
    unread.hold(0);
    Parcel done;
    Parcel next;
    synchronized (waiting) {
      done = sending;
      next = waiting.poll();
      sending = next;
      // Under the lock, for whoever sends next may need the time-out again.
      if (next == null && endPoint.getIdleTimeout() > 0) {
        endPoint.setIdleTimeout(0);
      }
    }
    if (next != null) {
      write(next.bytes());
    }
    if (done != null) {
      done.sent().succeeded();
    }
  }

  /** Nothing can be sent any more. */
  @Override
  public void failed(Throwable cause) {
    unread.close();
    Parcel failed;
    synchronized (waiting) {
      failed = sending;
      waiting.clear();
    }
    endPoint.close(cause);
    if (failed != null) {
      failed.sent().failed(cause);
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
