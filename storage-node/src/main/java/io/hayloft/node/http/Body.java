package io.hayloft.node.http;

import io.hayloft.node.blob.OpenBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file on their way out, whole or in part.
 *
 * <h2>Two ways</h2>
 *
 * Up to {@link #SENDFILE_ABOVE} the bytes are read into a buffer and leave together with the
 * headers in one write: for these the second system call of sendfile costs more than the copy.
 * Longer bodies leave by sendfile. The border was measured on loopback; anything from 64 to 128 KiB
 * is as good.
 *
 * <h2>Which thread</h2>
 *
 * The kernel may wait for the disk in either way. That must not happen on a thread that serves
 * other connections, so unless the file was lately read and is not too large to have stayed in
 * memory, this says of itself that it blocks, and Jetty goes on with it on a thread of its own.
 */
final class Body extends IteratingCallback {

  /** In bytes; buffers above this size are not pooled by Jetty either. */
  static final int SENDFILE_ABOVE = 64 << 10;

  /** A file larger than this is taken to be partly out of memory again, however lately read. */
  static final long STAYS_WARM = 16 << 20;

  private final Exchange exchange;
  private final OpenBlob blob;
  private final @Nullable SendfileEndPoint sendfile;
  private final boolean toTheEnd;
  private final InvocationType invocationType;
  private long offset;
  private long left;
  private @Nullable RetainableByteBuffer buffer;

  /** Takes over the holding of the blob. */
  Body(Exchange exchange, OpenBlob blob, ByteRange.Part part) {
    this.exchange = exchange;
    this.blob = blob;
    this.offset = part.from();
    this.left = part.length();
    this.sendfile = left > SENDFILE_ABOVE ? sendfile(exchange.request()) : null;
    this.toTheEnd = part.from() == 0 && part.length() == blob.size();
    this.invocationType = blocks(blob) ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
  }

  /** Whether sending the file may wait for a disk. */
  static boolean blocks(OpenBlob blob) {
    return !blob.isWarm() || blob.size() > STAYS_WARM;
  }

  /**
   * The connection, if its bytes go to the socket as they are: not with TLS, HTTP/2 or the like.
   */
  private static @Nullable SendfileEndPoint sendfile(Request request) {
    var connection = request.getConnectionMetaData().getConnection();
    return connection instanceof HttpConnection
            && connection.getEndPoint() instanceof SendfileEndPoint endPoint
            && endPoint.hasFastPath()
        ? endPoint
        : null;
  }

  @Override
  public InvocationType getInvocationType() {
    return invocationType;
  }

  @Override
  protected Action process() throws IOException {
    releaseBuffer();
    if (left == 0) {
      return Action.SUCCEEDED;
    }
    if (sendfile != null) {
      int length = (int) Math.min(left, SendfileMarker.MAX_LENGTH);
      var marker = sendfile.stand(blob.channel(), offset, length);
      advance(length);
      write(marker);
    } else {
      int length = (int) Math.min(left, SENDFILE_ABOVE);
      var filled = fill(length);
      advance(length);
      write(filled.getByteBuffer());
    }
    return Action.SCHEDULED;
  }

  private void write(ByteBuffer bytes) {
    exchange.course().enter(Phase.NETWORK);
    exchange.response().write(left == 0, bytes, this);
  }

  private RetainableByteBuffer fill(int length) throws IOException {
    exchange.course().enter(Phase.DISK);
    var taken = exchange.request().getComponents().getByteBufferPool().acquire(length, true);
    buffer = taken;
    var bytes = taken.getByteBuffer();
    BufferUtil.clearToFill(bytes);
    bytes.limit(length);
    if (!blob.read(bytes, offset)) {
      throw new EofException("a file became shorter while it was sent");
    }
    bytes.flip();
    return taken;
  }

  private void advance(int length) {
    offset += length;
    left -= length;
  }

  @Override
  protected void onCompleteSuccess() {
    if (toTheEnd && blob.size() <= STAYS_WARM) {
      blob.markWarm();
    }
    end();
    exchange.callback().succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    end();
    exchange.callback().failed(cause);
  }

  private void end() {
    releaseBuffer();
    if (sendfile != null) {
      sendfile.done();
    }
    blob.release();
  }

  private void releaseBuffer() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
