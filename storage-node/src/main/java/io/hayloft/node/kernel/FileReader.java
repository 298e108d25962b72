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
  private final MemorySegment piece;
  private final ByteBuffer bytes;
  private final MemorySegment state;
  private boolean open = true;

  private FileReader(int descriptor, Arena arena) {
    this.descriptor = descriptor;
    this.piece = arena.allocate(PIECE);
    this.bytes = piece.asByteBuffer();
    this.state = SystemCall.state(arena);
  }

  /**
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  public static FileReader open(Path file) throws IOException {
    return new FileReader(Descriptor.file(file), Arena.ofAuto());
  }

  public FileStatus status() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var statx = arena.allocate(FileStatus.BYTES, Long.BYTES);
      int result =
          (int)
              FileStatus.STATX.invokeExact(
                  state, descriptor, arena.allocateFrom(""), AT_EMPTY_PATH, FileStatus.MASK, statx);
      if (result != 0) {
        throw SystemCall.failure(state);
      }
      return FileStatus.of(statx);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  /** The next bytes from there, which are to be used before the next call; none at the end. */
  public ByteBuffer read(long offset) throws IOException {
    long length;
    try {
      length = (long) READ.invokeExact(state, descriptor, piece, (long) PIECE, offset);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (length < 0) {
      throw SystemCall.failure(state);
    }
    return bytes.clear().limit((int) length);
  }

  /** Lets the system forget the file's bytes, so that the next read is one of the disk. */
  public void forgetPages() {
    try {
      int ignored = (int) ADVISE.invokeExact(state, descriptor, 0L, 0L, DONT_NEED);
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
