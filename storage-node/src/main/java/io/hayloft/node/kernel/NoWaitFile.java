package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One small file after another, opened and read only as far as the kernel has all that it takes in
 * memory: no call here waits for a disk, but for {@link #attribute}. Used by one thread.
 *
 * <h2>How the kernel is asked</h2>
 *
 * {@code openat2} with {@code RESOLVE_CACHED} (Linux 5.12) gives up where a directory or an inode
 * would have to be read, and {@code preadv2} with {@code RWF_NOWAIT} where a page would. An open
 * file keeps its inode and all directories above it in memory, so {@code statx} of them reads
 * nothing either. Extended attributes are for files alone that were changed just now: of others the
 * block of the inode table may have been forgotten though the inode has not. {@code O_NOATIME}
 * keeps a read from becoming a write of the time of access, which may wait for the journal; who may
 * not ask for it does not read here.
 */
public final class NoWaitFile implements AutoCloseable {

  private static final long OPENAT2 = 437;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final long RESOLVE_CACHED = 0x20;

  /** Opening a pipe would wait for its other end. */
  private static final int NON_BLOCK = 0x800;

  private static final int READ =
      OpenFlags.READ_ONLY
          | OpenFlags.CLOSE_ON_EXEC
          | OpenFlags.NO_FOLLOW
          | OpenFlags.NO_ACCESS_TIME
          | NON_BLOCK;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int DONT_SYNC = 0x4000;
  private static final int NO_WAIT = 0x08;

  private static final int LONGEST_PATH = 4_096;
  private static final long HOW_BYTES = 24;
  private static final long HOW_RESOLVE = 16;

  private static final MethodHandle OPEN =
      SystemCall.variadic("syscall", LONG, 1, LONG, LONG, POINTER, POINTER, LONG);
  private static final @Nullable MethodHandle READ_AT =
      SystemCall.optional("preadv2", LONG, INT, POINTER, INT, LONG, INT).orElse(null);
  private static final MethodHandle CLOSE = SystemCall.of("close", INT, INT);

  private final MemorySegment path;
  private final MemorySegment noName;
  private final MemorySegment how;
  private final MemorySegment vector;
  private final MemorySegment statx;
  private final MemorySegment state;
  private int descriptor = -1;

  private NoWaitFile() {
    var arena = Arena.ofAuto();
    path = arena.allocate(LONGEST_PATH);
    noName = arena.allocateFrom("");
    how = arena.allocate(HOW_BYTES, Long.BYTES);
    vector = arena.allocate(2L * Long.BYTES, Long.BYTES);
    statx = arena.allocate(InodeState.BYTES, Long.BYTES);
    state = SystemCall.state(arena);
  }

  /** Empty where the kernel or the C library cannot do it. */
  public static Optional<NoWaitFile> create() {
    return create(RESOLVE_CACHED);
  }

  /**
   * @param resolve a kernel that lacks a flag refuses it, so tests can ask for one that all lack
   */
  static Optional<NoWaitFile> create(long resolve) {
    if (READ_AT == null) {
      return Optional.empty();
    }
    var file = new NoWaitFile();
    file.how.set(ValueLayout.JAVA_LONG, 0, OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC);
    file.how.set(ValueLayout.JAVA_LONG, HOW_RESOLVE, resolve);
    boolean known = file.open(CPath.of(Path.of("/")), new byte[0]);
    file.close();
    if (!known) {
      return Optional.empty();
    }
    file.how.set(ValueLayout.JAVA_LONG, 0, READ);
    file.how.set(ValueLayout.JAVA_LONG, HOW_RESOLVE, resolve | RESOLVE_NO_SYMLINKS);
    return Optional.of(file);
  }

  /**
   * Opens a file; false when it is not there, may not be read, is reached through a link, or when
   * finding it out would take the disk. Whoever wants to know which asks in the usual way.
   *
   * @param above the absolute path of a directory
   * @param below the rest of the path, with the slash before it
   */
  public boolean open(CPath above, byte[] below) {
    int length = above.copyTo(path);
    if (descriptor >= 0 || length < 0 || length + below.length >= LONGEST_PATH) {
      return false;
    }
    MemorySegment.copy(below, 0, path, ValueLayout.JAVA_BYTE, length, below.length);
    path.set(ValueLayout.JAVA_BYTE, (long) length + below.length, (byte) 0);
    try {
      descriptor =
          (int)
              (long)
                  OPEN.invokeExact(
                      state, OPENAT2, (long) SystemCall.AT_FDCWD, path, how, HOW_BYTES);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    return descriptor >= 0;
  }

  /** The state of the open file; null when the filesystem does not tell. */
  public @Nullable InodeState state() {
    return look(descriptor, noName, AT_EMPTY_PATH);
  }

  /**
   * Which directory a path leads to that the file was opened by: then the kernel has it in memory.
   * Null when it leads nowhere.
   */
  public InodeState.@Nullable Key key(CPath directory) {
    var found = look(SystemCall.AT_FDCWD, directory.text(), 0);
    return found == null ? null : found.key();
  }

  /** An attribute of the open file; may wait for the disk unless the file was changed just now. */
  public Optional<String> attribute(ExtendedAttribute attribute) throws IOException {
    return attribute.get(descriptor);
  }

  private @Nullable InodeState look(int from, MemorySegment name, int flags) {
    int result;
    try {
      result =
          (int)
              FileStatus.STATX.invokeExact(
                  state, from, name, flags | DONT_SYNC, InodeState.MASK, statx);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    return result == 0 ? InodeState.read(statx) : null;
  }

  /** Fills a direct buffer from the file's beginning; false when not all of that is in memory. */
  public boolean read(ByteBuffer into) {
    if (READ_AT == null) {
      return false;
    }
    var memory = MemorySegment.ofBuffer(into);
    vector.set(ValueLayout.JAVA_LONG, 0, memory.address());
    vector.set(ValueLayout.JAVA_LONG, Long.BYTES, memory.byteSize());
    long length;
    try {
      length = (long) READ_AT.invokeExact(state, descriptor, vector, 1, 0L, NO_WAIT);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (length != into.remaining()) {
      return false;
    }
    into.position(into.limit());
    return true;
  }

  /** Ends the use of the file that is open; the next can be opened then. */
  @Override
  public void close() {
    if (descriptor >= 0) {
      int closing = descriptor;
      descriptor = -1;
      try {
        int ignored = (int) CLOSE.invokeExact(state, closing);
      } catch (Throwable e) {
        throw SystemCall.unforeseen(e);
      }
    }
  }
}
