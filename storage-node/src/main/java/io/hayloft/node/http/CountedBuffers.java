package io.hayloft.node.http;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * A pool that knows how many bytes of its buffers are in use, and when that is enough. It gives
 * them out all the same, since Jetty has no way to go on without; whoever lets requests in asks
 * first.
 */
final class CountedBuffers extends ByteBufferPool.Wrapper {

  private final long enough;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param enough so many bytes may be in use before nobody is let in any more
   */
  CountedBuffers(ByteBufferPool pool, long enough) {
    super(pool);
    this.enough = enough;
  }

  @Override
  public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
    var buffer = super.acquire(size, direct);
    int capacity = buffer.capacity();
    used.addAndGet(capacity);
    return RetainableByteBuffer.wrap(
        buffer.getByteBuffer(),
        () -> {
          used.addAndGet(-capacity);
          buffer.release();
        });
  }

  /** One that is given back before anybody is waited for, so it need not be counted. */
  RetainableByteBuffer.Mutable forAMoment(int size) {
    return super.acquire(size, true);
  }

  boolean areEnough() {
    return used.get() >= enough;
  }

  /** Whether some may be kept a little longer than they have to be. */
  boolean arePlenty() {
    return used.get() < enough / 2;
  }

  /** How many bytes are in use. */
  long used() {
    return used.get();
  }
}
