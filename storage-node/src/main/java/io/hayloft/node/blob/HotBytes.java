package io.hayloft.node.blob;

import io.hayloft.node.kernel.NativeMemory;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for the bytes of small files that are read again and again: sending those takes one system
 * call instead of two, and no copy out of the page cache. It is bounded; when it is used up, other
 * files are read from the page cache until some that have a part of it are given up.
 */
public final class HotBytes {

  /** What else is held for a file that is kept so, on the heap. */
  private static final int BESIDE = 768;

  private final long most;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param most in bytes, over all files
   */
  public HotBytes(long most) {
    this.most = most;
  }

  /** How many bytes are used, with what is held for each file beside its own. */
  public long used() {
    return used.get();
  }

  /** Some of the memory, which goes back when its holder is closed; empty when it is used up. */
  public Optional<Piece> take(int bytes) {
    int taken = bytes + BESIDE;
    if (used.addAndGet(taken) <= most) {
      var memory = NativeMemory.allocate(bytes);
      if (memory.isPresent()) {
        return Optional.of(new Piece(memory.get()));
      }
    }
    used.addAndGet(-taken);
    return Optional.empty();
  }

  /** A part of the memory. */
  public final class Piece implements AutoCloseable {
    private final NativeMemory memory;
    private final ByteBuffer bytes;

    private Piece(NativeMemory memory) {
      this.memory = memory;
      this.bytes = memory.buffer();
    }

    /** A buffer on all of it, with a position of its own. */
    public ByteBuffer bytes() {
      return bytes.duplicate();
    }

    @Override
    public void close() {
      memory.free();
      used.addAndGet(-memory.length() - BESIDE);
    }
  }
}
