package io.hayloft.node.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
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

  private final SendfileMarker markers;
  private volatile @Nullable Transfer transfer;
  private volatile @Nullable RetainableByteBuffer unread;

  private record Transfer(ByteBuffer marker, FileChannel file, long offset) {}

  SendfileEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      SendfileMarker markers) {
    super(channel, selector, key, scheduler);
    this.markers = markers;
  }

  /** A buffer that stands for those bytes of the file, until the next call or {@link #done}. */
  ByteBuffer stand(FileChannel file, long offset, int length) {
    var marker = markers.ofLength(length);
    transfer = new Transfer(marker, file, offset);
    return marker;
  }

  /**
   * Gives back bytes that were read, whose holding it takes over: the next fill gets them first.
   */
  void unread(RetainableByteBuffer bytes) {
    unread = bytes;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    var first = unread;
    if (first == null) {
      return super.fill(buffer);
    }
    int position = BufferUtil.flipToFill(buffer);
    int moved = BufferUtil.put(first.getByteBuffer(), buffer);
    BufferUtil.flipToFlush(buffer, position);
    if (!first.hasRemaining()) {
      unread = null;
      first.release();
    }
    return moved;
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
      return super.flush(buffers);
    }
    if (last > 0 && !super.flush(Arrays.copyOf(buffers, last))) {
      return false;
    }
    return send(current);
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
      notIdle();
    }
    return true;
  }
}
