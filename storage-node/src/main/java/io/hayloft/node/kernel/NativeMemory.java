package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A piece of memory that is given back when its holder says so, not when a collector finds out:
 * what is handed out by a budget must come back to it at once.
 *
 * <p>Using the buffer after {@link #free} may read or send what is somebody else's by then.
 */
public final class NativeMemory {

  private static final MethodHandle MALLOC = SystemCall.of("malloc", POINTER, LONG);
  private static final MethodHandle FREE = SystemCall.withoutResult("free", POINTER);

  private final MemorySegment memory;

  private NativeMemory(MemorySegment memory) {
    this.memory = memory;
  }

  /** Empty when the system has none left. */
  public static Optional<NativeMemory> allocate(int bytes) {
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      var got = (MemorySegment) MALLOC.invokeExact(SystemCall.state(arena), (long) bytes);
      return got.address() == 0
          ? Optional.empty()
          : Optional.of(new NativeMemory(SystemCall.sized(got, bytes)));
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  public int length() {
    return (int) memory.byteSize();
  }

  /** A new buffer on all of it. */
  public ByteBuffer buffer() {
    return memory.asByteBuffer();
  }

  /** To be called once, when no buffer on it is used any more. */
  public void free() {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }
}
