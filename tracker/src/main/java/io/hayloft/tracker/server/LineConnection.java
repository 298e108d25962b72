package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its lines are answered one at a time, in the order they came; while one is, and until
 * its answer is written, nothing more is read, so what a client can make this process hold is one
 * line and one read.
 *
 * <h2>Who runs when</h2>
 *
 * <p>At any time at most one thread runs {@link Turns#process}: a selector's thread that found
 * bytes to read, or the thread on which the last answer was completed. Between two turns the
 * connection waits for one of four things, each of which starts the next turn: bytes to read, an
 * answer, room to write one, or, after many lines, a thread that is free. Nothing here blocks, and
 * an idle connection holds no buffer.
 */
final class LineConnection extends AbstractConnection implements Visitor {

  /** The longest request line. Real ones have a few KiB at most. */
  static final int LONGEST_LINE = 1 << 20;

  private static final int READ_SIZE = 8 << 10;
  private static final int MOST_UNREAD_NEWS = 100;

  /** As many lines of one client are answered before the thread turns to another. */
  private static final int LINES_IN_A_ROW = 64;

  private static final Logger log = LoggerFactory.getLogger(LineConnection.class);

  private final ByteBufferPool buffers;
  private final LineService service;
  private final LineBuffer lines = new LineBuffer(LONGEST_LINE);
  private final Allowance.Share unfinished;
  private final Outbox outbox;
  private final Turns turns = new Turns();
  private final Callback readable =
      Callback.from(InvocationType.NON_BLOCKING, turns::iterate, turns::abort);

  /**
   * What slow clients may cost.
   *
   * @param patience how long one may leave an answer unread
   * @param unread what all may leave unread
   * @param unfinished what all may have sent of lines that have no end yet
   */
  record Slowness(Duration patience, Allowance unread, Allowance unfinished) {}

  LineConnection(
      EndPoint endPoint,
      Executor executor,
      ByteBufferPool buffers,
      LineService service,
      Slowness slowness) {
    super(endPoint, executor);
    this.buffers = buffers;
    this.service = service;
    this.unfinished = slowness.unfinished().share();
    this.outbox = new Outbox(endPoint, slowness.patience(), slowness.unread().share());
  }

  @Override
  public void onOpen() {
    super.onOpen();
    fillInterested(readable);
  }

  @Override
  public void onFillable() {
    turns.iterate();
  }

  @Override
  public void onClose(Throwable cause) {
    unfinished.close();
    outbox.close();
    service.left(this);
    super.onClose(cause);
  }

  @Override
  public String ip() {
    return getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "";
  }

  @Override
  public void tell(String line) {
    if (outbox.backlog() < MOST_UNREAD_NEWS) {
      outbox.send(bytes(line + "\r\n"), Callback.NOOP);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  /** The loop of reading, answering and writing. */
  private final class Turns extends IteratingCallback {

    private boolean refusing;
    private int inARow;

    @Override
    protected Action process() throws IOException {
      if (refusing) {
        return Action.SUCCEEDED;
      }
      while (true) {
        if (inARow == LINES_IN_A_ROW) {
          return letOthersGoFirst();
        }
        var line = lines.next();
        if (line.isPresent()) {
          inARow++;
          if (!line.get().isEmpty()) {
            service.serve(line.get(), LineConnection.this, this::write);
            return Action.SCHEDULED;
          }
        } else if (lines.isTooLong()) {
          refusing = true;
          write(service.refuseLongLine());
          return Action.SCHEDULED;
        } else if (!mayWaitForTheEnd()) {
          refusing = true;
          write(service.refuseVisitor());
          return Action.SCHEDULED;
        } else {
          int count = read();
          if (count < 0) {
            // What has come of a line without its end is dropped: some clients say QUIT that way.
            return Action.SUCCEEDED;
          }
          if (count == 0) {
            inARow = 0;
            fillInterested(readable);
            return Action.IDLE;
          }
        }
      }
    }

    /**
     * A client that sends lines faster than they are answered would keep this thread, which may be
     * the one that looks after all connections, for itself.
     */
    private Action letOthersGoFirst() {
      inARow = 0;
      getExecutor().execute(this::iterate);
      return Action.IDLE;
    }

    private int read() throws IOException {
      var buffer = buffers.acquire(READ_SIZE, false);
      try {
        var bytes = buffer.getByteBuffer();
        BufferUtil.clear(bytes);
        int count = getEndPoint().fill(bytes);
        if (count > 0) {
          lines.append(bytes);
        }
        return count;
      } finally {
        buffer.release();
      }
    }

    /** Accounts for what is kept of an unfinished line; a short one is nobody's trouble. */
    private boolean mayWaitForTheEnd() {
      int kept = lines.capacity();
      return unfinished.hold(kept > READ_SIZE ? kept : 0);
    }

    private void write(String answer) {
      if (answer.isEmpty()) {
        succeeded();
      } else {
        outbox.send(bytes(answer), this);
      }
    }

    @Override
    protected void onCompleteSuccess() {
      LineConnection.this.close();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      log.debug("connection of {} ends", ip(), cause);
      getEndPoint().close(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
