package io.hayloft.client.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A TCP connection on which connecting, reading and writing each end by a deadline, and at once
 * when the thread is interrupted.
 *
 * <p>A plain {@link java.net.Socket} has a time limit for each single read, which a peer that
 * trickles bytes renews for ever, and none at all for writing, so that a stopped peer with a full
 * window would hold an upload for good. Hence a channel that never blocks, and a selector of its
 * own to wait with. Used by one thread at a time; {@link #close} may come from any.
 */
public final class TimedChannel implements Closeable {

  /** More than this in one call would only make the JDK keep larger buffers for each thread. */
  private static final int CHUNK = 64 * 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final String peer;

  private TimedChannel(SocketChannel channel, Selector selector, String peer) throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, 0);
    this.peer = peer;
  }

  /** Connects. The name is resolved first, in the time the system's resolver takes. */
  public static TimedChannel connect(String host, int port, Deadline deadline) throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException("no address is known for host " + host);
    }
    var channel = SocketChannel.open();
    boolean done = false;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      var selector = Selector.open();
      try {
        var connection = new TimedChannel(channel, selector, host + ":" + port);
        connection.finishConnecting(address, deadline);
        done = true;
        return connection;
      } finally {
        if (!done) {
          selector.close();
        }
      }
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private void finishConnecting(InetSocketAddress address, Deadline deadline) throws IOException {
    if (channel.connect(address)) {
      return;
    }
    do {
      await(SelectionKey.OP_CONNECT, deadline, "connect to");
    } while (!channel.finishConnect());
  }

  /** Reads at least one byte into a buffer that has room; -1 at the end. */
  public int read(ByteBuffer into, Deadline deadline) throws IOException {
    while (true) {
      int count = readNow(into);
      if (count != 0) {
        return count;
      }
      await(SelectionKey.OP_READ, deadline, "get an answer from");
    }
  }

  /** Reads what is there already: 0 when nothing is, -1 at the end. */
  public int readNow(ByteBuffer into) throws IOException {
    int limit = into.limit();
    into.limit(Math.min(limit, into.position() + CHUNK));
    try {
      return channel.read(into);
    } finally {
      into.limit(limit);
    }
  }

  /** Writes all of it. */
  public void write(ByteBuffer from, Deadline deadline) throws IOException {
    while (from.hasRemaining()) {
      if (writeNow(from) == 0) {
        await(SelectionKey.OP_WRITE, deadline, "send to");
      }
    }
  }

  /**
   * Writes all of it unless the peer says something first.
   *
   * @return false when there is something to read; part of the buffer may then be unsent
   */
  public boolean writeUnlessAnswered(ByteBuffer from, Deadline deadline) throws IOException {
    while (from.hasRemaining()) {
      if (writeNow(from) == 0) {
        int ready = await(SelectionKey.OP_WRITE | SelectionKey.OP_READ, deadline, "send to");
        if ((ready & SelectionKey.OP_READ) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private int writeNow(ByteBuffer from) throws IOException {
    int limit = from.limit();
    from.limit(Math.min(limit, from.position() + CHUNK));
    try {
      return channel.write(from);
    } finally {
      from.limit(limit);
    }
  }

  private int await(int operations, Deadline deadline, String doing) throws IOException {
    try {
      key.interestOps(operations);
      while (true) {
        long millis = deadline.remainingMillis();
        if (millis == 0) {
          throw new TimedOutException("timed out waiting to " + doing + " " + peer);
        }
        selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting to " + doing + " " + peer);
        }
        int ready = key.readyOps() & operations;
        if (ready != 0) {
          return ready;
        }
      }
    } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException closedMeanwhile) {
      var closed = new AsynchronousCloseException();
      closed.initCause(closedMeanwhile);
      throw closed;
    }
  }

  /** The peer as host:port. */
  public String peer() {
    return peer;
  }

  @Override
  public void close() {
    try (selector;
        channel) {
      key.cancel();
    } catch (IOException unimportant) {
      // A connection that is given up cannot fail in a way that matters to anybody.
      return;
    }
  }
}
