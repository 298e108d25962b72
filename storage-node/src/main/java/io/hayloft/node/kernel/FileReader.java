package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is read once and for itself, not for a client: it leaves no time of access and no
 * pages in memory that others could use better. Used by one thread at a time.
 */
public final class FileReader implements AutoCloseable {

  private static final MethodHandle READ = SystemCall.of("pread", LONG, INT, POINTER, LONG, LONG);
  private static final MethodHandle ADVISE =
      SystemCall.of("posix_fadvise", INT, INT, LONG, LONG, INT);

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int DONT_NEED = 4;
  private static final int PIECE = 256 << 10;

  private final int descriptor;
  private final Memory memory;
  private boolean open = true;

  private FileReader(int descriptor, Memory memory) {
    this.descriptor = descriptor;
    this.memory = memory;
  }

  /**
   * What is read into. Clearing it for each of many small files would cost more than reading them,
   * so who reads them one after the other has one for all.
   */
  public static final class Memory {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment piece = arena.allocate(PIECE);
    private final ByteBuffer bytes = piece.asByteBuffer();
    private final MemorySegment statx = arena.allocate(FileStatus.BYTES, Long.BYTES);
    private final MemorySegment noName = arena.allocateFrom("");
    private final MemorySegment state = SystemCall.state(arena);
  }

  /**
   * @param memory of no other reader that is open
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  public static FileReader open(Path file, Memory memory) throws IOException {
    return new FileReader(Descriptor.file(file), memory);
  }

  public FileStatus status() throws IOException {
    int result;
    try {
      result =
          (int)
              FileStatus.STATX.invokeExact(
                  memory.state,
                  descriptor,
                  memory.noName,
                  AT_EMPTY_PATH,
                  FileStatus.MASK,
                  memory.statx);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (result != 0) {
      throw SystemCall.failure(memory.state);
    }
    return FileStatus.of(memory.statx);
  }

  /** The next bytes from there, which are to be used before the next call; none at the end. */
  public ByteBuffer read(long offset) throws IOException {
    long length;
    try {
      length =
          (long) READ.invokeExact(memory.state, descriptor, memory.piece, (long) PIECE, offset);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (length < 0) {
      throw SystemCall.failure(memory.state);
    }
    return memory.bytes.clear().limit((int) length);
  }

  /** Lets the system forget the file's bytes, so that the next read is one of the disk. */
  public void forgetPages() {
    try {
      int ignored = (int) ADVISE.invokeExact(memory.state, descriptor, 0L, 0L, DONT_NEED);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  /** The attribute of this very file, whatever has its name by now. */
  public Optional<String> attribute(ExtendedAttribute attribute) throws IOException {
    return attribute.get(descriptor);
  }

  public ExtendedAttribute.Kept keep(ExtendedAttribute attribute, String value) throws IOException {
    return attribute.set(descriptor, value);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      Descriptor.close(descriptor);
    }
  }
}
