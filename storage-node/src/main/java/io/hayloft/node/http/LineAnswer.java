package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.node.requests.Answer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is sent line by line. Lines that are made while others are on their way go
 * together in the next write, so many short ones cost few writes.
 */
final class LineAnswer implements Answer {

  /** In bytes; who waits for room goes on below it. */
  private static final int ENOUGH_UNSENT = 64 << 10;

  private static final int FIRST_SIZE = 1 << 10;

  private final Exchange exchange;
  private final Sender sender = new Sender();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private byte[] unsent = new byte[FIRST_SIZE];
  private int unsentLength;
  private boolean quiet = true;
  private boolean complete;
  private boolean over;
  private @Nullable Throwable broken;

  LineAnswer(Exchange exchange) {
    this.exchange = exchange;
    exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
  }

  @Override
  public void status(int status) {
    lock.lock();
    try {
      if (!exchange.response().isCommitted()) {
        exchange.response().setStatus(status);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void line(CharSequence text) {
    var bytes = text.toString().getBytes(UTF_8);
    lock.lock();
    try {
      quiet = false;
      append(bytes);
    } finally {
      lock.unlock();
    }
    sender.iterate();
  }

  private void append(byte[] bytes) {
    int length = unsentLength + bytes.length + 1;
    if (length > unsent.length) {
      unsent = Arrays.copyOf(unsent, Math.max(length, 2 * unsent.length));
    }
    System.arraycopy(bytes, 0, unsent, unsentLength, bytes.length);
    unsent[length - 1] = '\n';
    unsentLength = length;
  }

  @Override
  public void awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (unsentLength > ENOUGH_UNSENT && broken == null) {
        changed.await();
      }
      if (broken != null) {
        throw new InterruptedException("nobody listens any more");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends an empty line if nothing else was sent since the last call. */
  void beat() {
    boolean needed;
    lock.lock();
    try {
      needed = quiet && !complete;
      quiet = true;
      if (needed) {
        append(new byte[0]);
      }
    } finally {
      lock.unlock();
    }
    if (needed) {
      sender.iterate();
    }
  }

  /** All lines are made: the answer ends when they are sent. */
  void end() {
    lock.lock();
    try {
      complete = true;
    } finally {
      lock.unlock();
    }
    sender.iterate();
  }

  /** Breaks the answer off, so that it cannot be taken for a whole one. */
  void breakOff(Throwable why) {
    sender.abort(why);
  }

  /**
   * Waits until the answer is sent or broken off.
   *
   * @return whether that is so
   */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = limit.toNanos(); !over && left > 0; ) {
        left = changed.awaitNanos(left);
      }
      return over;
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return broken != null;
    } finally {
      lock.unlock();
    }
  }

  private void finished(@Nullable Throwable why) {
    lock.lock();
    try {
      over = true;
      broken = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sends what there is, one write at a time. */
  private final class Sender extends IteratingCallback {

    private boolean lastSent;

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() {
      if (lastSent) {
        return Action.SUCCEEDED;
      }
      ByteBuffer bytes;
      lock.lock();
      try {
        if (unsentLength == 0 && !complete) {
          return Action.IDLE;
        }
        bytes = ByteBuffer.wrap(unsent, 0, unsentLength);
        unsent = new byte[FIRST_SIZE];
        unsentLength = 0;
        lastSent = complete;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      exchange.response().write(lastSent, bytes, this);
      return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
      finished(null);
      exchange.callback().succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      finished(cause);
      exchange.callback().failed(cause);
    }
  }
}
