package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its lines are answered one at a time, in the order they came; while one is, and until
 * its answer is written, nothing more is read, so what a client can make this process hold is one
 * read, one line, and the answers that are about to leave.
 *
 * <h2>Who runs when</h2>
 *
 * <p>At any time at most one thread runs {@link Turns#goOn}: a selector's thread that found bytes
 * to read, or the thread on which the last answer was completed. Then the connection waits for one
 * of four things, each of which has it run again: bytes to read, an answer, room to write one, or,
 * after many lines, a thread that is free. Nothing here blocks, and an idle connection holds no
 * buffer.
 *
 * <h2>What leaves together</h2>
 *
 * <p>Lines that came together and are answered in passing have their answers written together: when
 * there is no further line, when one has to wait for its answer, or when they are many.
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
      Callback.from(InvocationType.NON_BLOCKING, turns::readable, turns::failed);
  private @Nullable String ip;

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
    turns.readable();
  }

  @Override
  public void onClose(Throwable cause) {
    unfinished.close();
    outbox.close();
    service.left(this);
    super.onClose(cause);
  }

  /** Made when it is first asked for, by any thread: they would all make the same. */
  @Override
  public String ip() {
    var known = ip;
    if (known == null) {
      known =
          getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address
              ? address.getAddress().getHostAddress()
              : "";
      ip = known;
    }
    return known;
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

  /**
   * The loop of reading, answering and writing. It is run by whoever brings news while nobody runs
   * it; news that come meanwhile have it run once more.
   */
  private final class Turns implements Callback {

    private final AtomicInteger news = new AtomicInteger();
    private final Consumer<String> answered = this::answered;
    private final Answers unsent = new Answers();
    private volatile @Nullable String answer;
    private volatile boolean hasBytes;
    private volatile boolean isWriting;
    private volatile boolean isResting;
    private volatile boolean isOver;
    private boolean isServing;
    private boolean isEnding;
    private int inARow;

    /** Something may have changed: goes on as far as that leads. */
    private void turn() {
      if (news.getAndIncrement() > 0) {
        return;
      }
      int seen = 1;
      while (seen > 0) {
        try {
          goOn();
        } catch (IOException | RuntimeException e) {
          failed(e);
        }
        seen = news.addAndGet(-seen);
      }
    }

    private void goOn() throws IOException {
      while (!isOver && !isResting) {
        takeAnswer();
        if (isWriting) {
          return;
        }
        if (isServing || isEnding || unsent.areMany()) {
          if (!unsent.isEmpty()) {
            write();
          } else {
            if (!isServing) {
              end();
            }
            return;
          }
        } else if (inARow == LINES_IN_A_ROW) {
          letOthersGoFirst();
        } else if (!serveNextLine()) {
          if (!unsent.isEmpty()) {
            write();
          } else if (hasBytes) {
            read();
          } else {
            inARow = 0;
            return;
          }
        }
      }
    }

    private void takeAnswer() {
      var text = answer;
      if (text != null) {
        answer = null;
        isServing = false;
        unsent.add(text);
      }
    }

    /** False when there is no whole line, and there can be one. */
    private boolean serveNextLine() {
      var line = lines.next();
      if (line.isPresent()) {
        inARow++;
        if (!line.get().isEmpty()) {
          isServing = true;
          service.serve(line.get(), LineConnection.this, answered);
        }
      } else if (lines.isTooLong()) {
        refuse(service.refuseLongLine());
      } else if (!mayWaitForTheEnd()) {
        refuse(service.refuseVisitor());
      } else {
        return false;
      }
      return true;
    }

    private void refuse(String why) {
      unsent.add(why);
      isEnding = true;
    }

    /**
     * A client that sends lines faster than they are answered would keep this thread, which may be
     * the one that looks after all connections, for itself.
     */
    private void letOthersGoFirst() {
      inARow = 0;
      isResting = true;
      getExecutor().execute(this::rested);
    }

    private void rested() {
      isResting = false;
      turn();
    }

    /**
     * Asks to be told of more bytes as soon as it has read all there were, before they are
     * answered: on the selector's thread that costs nothing, and on any other the selector would
     * have to be woken for it. It is told once, and reads when the time has come.
     */
    private void read() throws IOException {
      var buffer = buffers.acquire(READ_SIZE, true);
      try {
        var bytes = buffer.getByteBuffer();
        BufferUtil.clear(bytes);
        int count = getEndPoint().fill(bytes);
        boolean mayBeMore = count > 0 && BufferUtil.isFull(bytes);
        if (count > 0) {
          lines.append(bytes);
        }
        if (count < 0) {
          // What has come of a line without its end is dropped: some clients say QUIT that way.
          isEnding = true;
        } else if (!mayBeMore) {
          hasBytes = false;
          fillInterested(readable);
        }
      } finally {
        buffer.release();
      }
    }

    /** Accounts for what is kept of an unfinished line; a short one is nobody's trouble. */
    private boolean mayWaitForTheEnd() {
      int kept = lines.capacity();
      return unfinished.hold(kept > READ_SIZE ? kept : 0);
    }

    private void write() {
      isWriting = true;
      outbox.send(unsent.take(), this);
    }

    private void end() {
      isOver = true;
      LineConnection.this.close();
    }

    private void readable() {
      hasBytes = true;
      turn();
    }

    private void answered(String text) {
      answer = text;
      turn();
    }

    /** What was to be written is on its way. */
    @Override
    public void succeeded() {
      isWriting = false;
      turn();
    }

    /** Nothing can be read or written any more. */
    @Override
    public void failed(Throwable cause) {
      isOver = true;
      log.debug("connection of {} ends", ip(), cause);
      getEndPoint().close(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
