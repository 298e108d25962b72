package io.hayloft.node.http;

import io.hayloft.node.kernel.SocketDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that can send bytes of a file by sendfile(2), from the page cache to the socket
 * without a copy in between.
 *
 * <p>Whoever wants that asks for a marker and writes it as the last buffer of a response. Partial
 * writes, waiting for the socket and the idle timeout are Jetty's, because a marker's position
 * moves as that of a real buffer would. One response is written at a time, so there is one marker
 * at a time.
 */
final class SendfileEndPoint extends SocketChannelEndPoint {

  /** A connection too many has not long to ask and to be refused. */
  private static final long SURPLUS_IDLE_MILLIS = 5_000;

  /** Heads of files up to this size leave at once: measured, and not explained. */
  private static final int HEAD_ALONE = 128 << 10;

  private final SendfileConnector.Shared shared;
  private final Optional<SocketDescriptor> socket;

  /** Held while the socket is used by its number, and while it is closed. */
  private final ReentrantLock closing = new ReentrantLock();

  private final SlowClients.Pace pace = new SlowClients.Pace();
  private boolean counted;
  private boolean surplus;
  private volatile boolean amid;

  /** Written by whoever sends or receives, read now and then by others: about is good enough. */
  private long moved;

  private volatile @Nullable Transfer transfer;

  /** Whoever reads from it or drops it takes it out first, so that no two do. */
  private final AtomicReference<@Nullable Unread> unread = new AtomicReference<>();

  private record Transfer(ByteBuffer marker, FileChannel file, long offset) {}

  /** Bytes that were given back, and those that follow them. */
  private record Unread(RetainableByteBuffer bytes, @Nullable Unread rest) {}

  SendfileEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      SendfileConnector.Shared shared) {
    super(channel, selector, key, scheduler);
    this.shared = shared;
    this.socket = SocketDescriptor.of(channel);
  }

  @Override
  public void onOpen() {
    counted = true;
    surplus = !shared.connections().opened();
    if (surplus) {
      setIdleTimeout(Math.min(getIdleTimeout(), SURPLUS_IDLE_MILLIS));
    }
    super.onOpen();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    if (counted) {
      shared.connections().closed();
    }
    dropUnread();
    super.onClose(cause);
  }

  /** Whether it is one too many, and only there for a refusal. */
  boolean isSurplus() {
    return surplus;
  }

  /** Whether files may be sent by it, and plain reads answered on it without Jetty's parser. */
  boolean hasFastPath() {
    return shared.fastPath() && !surplus;
  }

  /** What {@link SlowClients} knows of it. */
  SlowClients.Pace pace() {
    return pace;
  }

  /** How many bytes went either way so far. */
  long moved() {
    return moved;
  }

  /**
   * Whether nothing goes on until the client sends more of a request or takes more of an answer.
   */
  boolean waitsForClient() {
    if (getWriteFlusher().isPending()) {
      return true;
    }
    return isFillInterested() && (amid || isAmidRequest(getConnection()));
  }

  /** Whether a part of a request has come that Jetty knows nothing of. */
  void amid(boolean now) {
    if (amid != now) {
      amid = now;
    }
  }

  /** Streams of HTTP/2 have idle timeouts of their own. */
  private static boolean isAmidRequest(Connection connection) {
    return switch (connection) {
      case SslConnection tls -> isAmidRequest(tls.getSslEndPoint().getConnection());
      case HttpConnection http -> !http.getParser().isStart();
      case NegotiatingServerConnection _ -> true;
      default -> false;
    };
  }

  /** A buffer that stands for those bytes of the file, until the next call or {@link #done}. */
  ByteBuffer stand(FileChannel file, long offset, int length) {
    var marker = shared.markers().ofLength(length);
    transfer = new Transfer(marker, file, offset);
    return marker;
  }

  /**
   * Gives back bytes that were read last, whose holding it takes over: the next fill gets them
   * first, and after them what had been given back before and not been read again.
   */
  void unread(RetainableByteBuffer bytes) {
    unread.set(new Unread(bytes, unread.getAndSet(null)));
    dropUnreadIfClosed();
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    var taken = unread.getAndSet(null);
    if (taken == null) {
      int got = super.fill(buffer);
      moved += Math.max(0, got);
      return got;
    }
    int position = BufferUtil.flipToFill(buffer);
    int got = 0;
    while (taken != null && buffer.hasRemaining()) {
      got += BufferUtil.put(taken.bytes().getByteBuffer(), buffer);
      if (!taken.bytes().hasRemaining()) {
        taken.bytes().release();
        taken = taken.rest();
      }
    }
    BufferUtil.flipToFlush(buffer, position);
    if (taken != null) {
      unread.set(taken);
      dropUnreadIfClosed();
    }
    return got;
  }

  /** Nobody reads from it any more once it is closed. */
  private void dropUnreadIfClosed() {
    if (!isOpen()) {
      dropUnread();
    }
  }

  private void dropUnread() {
    for (var left = unread.getAndSet(null); left != null; left = left.rest()) {
      left.bytes().release();
    }
  }

  /** Lets go of the file. */
  void done() {
    transfer = null;
  }

  // Identity is the point: an equal buffer is not the marker.
  @SuppressWarnings("ReferenceEquality")
  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    var current = transfer;
    int last = buffers.length - 1;
    if (current == null || last < 0 || buffers[last] != current.marker()) {
      return flushBytes(buffers);
    }
    return flushHead(current, Arrays.copyOf(buffers, last)) && send(current);
  }

  /**
   * What goes before a large file is kept by the kernel until the first bytes of that come: a
   * packet, an acknowledgement and a waking of the client less.
   */
  private boolean flushHead(Transfer before, ByteBuffer... head) throws IOException {
    if (socket.isPresent()
        && before.marker().remaining() > HEAD_ALONE
        && BufferUtil.remaining(head) > 0) {
      moved += sendAhead(socket.get(), head);
    }
    return BufferUtil.remaining(head) == 0 || flushBytes(head);
  }

  private int sendAhead(SocketDescriptor to, ByteBuffer... head) {
    closing.lock();
    try {
      return getChannel().isOpen() ? to.sendAhead(head) : 0;
    } finally {
      closing.unlock();
    }
  }

  @Override
  public void doClose() {
    closing.lock();
    try {
      super.doClose();
    } finally {
      closing.unlock();
    }
  }

  private boolean flushBytes(ByteBuffer... buffers) throws IOException {
    long before = BufferUtil.remaining(buffers);
    boolean all = super.flush(buffers);
    moved += before - BufferUtil.remaining(buffers);
    return all;
  }

  private boolean send(Transfer current) throws IOException {
    var marker = current.marker();
    while (marker.hasRemaining()) {
      long from = current.offset() + marker.position();
      long sent;
      try {
        sent = current.file().transferTo(from, marker.remaining(), getChannel());
      } catch (IOException e) {
        throw new EofException(e);
      }
      if (sent == 0) {
        if (current.file().size() <= from) {
          throw new EofException("a file became shorter while it was sent");
        }
        return false;
      }
      marker.position(marker.position() + (int) sent);
      moved += sent;
      notIdle();
    }
    return true;
  }
}
