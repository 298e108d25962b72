package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One small file after another, written whole and then given its name, with as few calls as that
 * takes and memory that is used again. Used by one thread.
 *
 * <h2>How the kernel is asked</h2>
 *
 * The directory that files are for is entered by {@code openat2} with {@code RESOLVE_NO_SYMLINKS}
 * (Linux 5.6), which looks at all directories on the way in one call, and files are put into the
 * very directory that was found so: whatever takes its place meanwhile gets nothing. It stays open
 * until another is entered or this is closed, and keeps its disk from being unmounted so long.
 *
 * <p>The file has no name at first ({@code O_TMPFILE}) and is linked into the directory when it is
 * whole, so that it goes by itself with its process. A link replaces nothing: where the name is
 * taken, and where the filesystem has no files without name, the file is given a temporary name
 * first and renamed.
 *
 * <p>Nothing tells why it could not be done: then nothing is left of the file, and whoever wants to
 * know does it in the usual way.
 */
public final class NewFile implements AutoCloseable {

  private static final long OPENAT2 = 437;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final int NONE = -1;

  /** As all files have that the node makes. */
  private static final long RIGHTS = 0644;

  private static final int LONGEST_PATH = 4_096;
  private static final int LONGEST_VALUE = 64;
  private static final long HOW_BYTES = 24;
  private static final long HOW_MODE = 8;
  private static final long HOW_RESOLVE = 16;

  /** To be found, not to be read. */
  private static final long TO_DIRECTORY =
      OpenFlags.PATH_ONLY | OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC;

  private static final long TO_FILE =
      OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.CLOSE_ON_EXEC;

  private static final long TO_NAMELESS =
      OpenFlags.WRITE_ONLY | OpenFlags.NAMELESS | OpenFlags.CLOSE_ON_EXEC;

  /** The link by which an open file is found is to be followed to it. */
  private static final int FOLLOW = 0x400;

  /** The open file itself is meant, by no path. */
  private static final int EMPTY_PATH = 0x1000;

  private static final MethodHandle OPEN =
      SystemCall.variadic("syscall", LONG, 1, LONG, LONG, POINTER, POINTER, LONG);
  private static final MethodHandle WRITE = SystemCall.of("write", LONG, INT, POINTER, LONG);
  private static final MethodHandle SET =
      SystemCall.of("fsetxattr", INT, INT, POINTER, POINTER, LONG, INT);
  private static final MethodHandle RENAME =
      SystemCall.of("renameat", INT, INT, POINTER, INT, POINTER);
  private static final MethodHandle LINK =
      SystemCall.of("linkat", INT, INT, POINTER, INT, POINTER, INT);
  private static final MethodHandle UNLINK = SystemCall.of("unlink", INT, POINTER);
  private static final MethodHandle CLOSE = SystemCall.of("close", INT, INT);

  private final MemorySegment attribute;

  /** Of the directory, then the temporary one of the file. */
  private final MemorySegment path;

  private final MemorySegment name;

  /** The directory as seen from itself. */
  private final MemorySegment here;

  /** By which the kernel finds the open file, where it may not be named by its number alone. */
  private final MemorySegment link;

  private final MemorySegment nothing;

  private final MemorySegment value;
  private final MemorySegment how;
  private final MemorySegment statx;
  private final MemorySegment state;
  private int directory = NONE;
  private int file = NONE;
  private boolean mayBeNameless;
  private boolean mayLinkByNumber;

  /** Whether the temporary path leads to the file. */
  private boolean isNamed;

  private boolean hasNoAttributes;

  private NewFile(String attribute, long resolve) {
    var arena = Arena.ofAuto();
    this.attribute = arena.allocateFrom(attribute);
    path = arena.allocate(LONGEST_PATH);
    name = arena.allocate(LONGEST_PATH);
    here = arena.allocateFrom(".");
    link = arena.allocate(LONGEST_VALUE);
    nothing = arena.allocateFrom("");
    value = arena.allocate(LONGEST_VALUE);
    how = arena.allocate(HOW_BYTES, Long.BYTES);
    statx = arena.allocate(InodeState.BYTES, Long.BYTES);
    state = SystemCall.state(arena);
    how.set(ValueLayout.JAVA_LONG, HOW_RESOLVE, resolve);
  }

  /**
   * Empty where the kernel cannot do it.
   *
   * @param attribute that each file gets, with its prefix, as in {@code user.something}
   */
  public static Optional<NewFile> create(String attribute) {
    return create(attribute, RESOLVE_NO_SYMLINKS, Naming.BY_NUMBER);
  }

  /** How a file gets its name, the best first. */
  enum Naming {
    /** A file without name is linked as the open file that it is. */
    BY_NUMBER,
    /** The same by its path below {@code /proc}, for which the kernel looks at six directories. */
    BY_PROC,
    /** One with a temporary name is renamed, on filesystems that have no files without name. */
    BY_RENAME
  }

  /**
   * @param resolve a kernel that lacks a flag refuses it, so tests can ask for one that all lack
   * @param naming the first way to be tried
   */
  static Optional<NewFile> create(String attribute, long resolve, Naming naming) {
    var file = new NewFile(attribute, resolve);
    file.mayLinkByNumber = naming == Naming.BY_NUMBER;
    file.mayBeNameless = naming != Naming.BY_RENAME;
    boolean known = file.enter(CPath.of(Path.of("/")), new byte[0]);
    file.close();
    return known ? Optional.of(file) : Optional.empty();
  }

  /**
   * Finds the directory that the next file is for; false when it is not there or reached through a
   * link.
   *
   * @param above the absolute path of a directory
   * @param below the rest of the path, with the slash before it, or nothing
   */
  public boolean enter(CPath above, byte[] below) {
    close();
    hasNoAttributes = false;
    directory = put(above, below) ? open(SystemCall.AT_FDCWD, path, TO_DIRECTORY, 0) : NONE;
    return directory >= 0;
  }

  /**
   * Creates the file, empty, in the directory that was found; false if it cannot.
   *
   * @param above the absolute path of a directory of the same disk, for a temporary name
   * @param below the rest of the path, with the slash before it
   */
  public boolean begin(CPath above, byte[] below) {
    if (!put(above, below)) {
      return false;
    }
    if (mayBeNameless) {
      file = open(directory, here, TO_NAMELESS, RIGHTS);
    }
    if (file < 0) {
      file = open(SystemCall.AT_FDCWD, path, TO_FILE, RIGHTS);
      isNamed = file >= 0;
    }
    return file >= 0;
  }

  private boolean put(CPath above, byte[] below) {
    int length = above.copyTo(path);
    if (length < 0 || length + below.length >= LONGEST_PATH) {
      return false;
    }
    terminated(path, length, below);
    return true;
  }

  private int open(int from, MemorySegment text, long flags, long mode) {
    how.set(ValueLayout.JAVA_LONG, 0, flags);
    how.set(ValueLayout.JAVA_LONG, HOW_MODE, mode);
    try {
      return (int) (long) OPEN.invokeExact(state, OPENAT2, (long) from, text, how, HOW_BYTES);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private static void terminated(MemorySegment into, long at, byte[] text) {
    MemorySegment.copy(text, 0, into, ValueLayout.JAVA_BYTE, at, text.length);
    into.set(ValueLayout.JAVA_BYTE, at + text.length, (byte) 0);
  }

  /** Which directory a path leads to now; empty when it leads nowhere. */
  public Optional<InodeState.Key> key(CPath other) {
    int result;
    try {
      result =
          (int)
              FileStatus.STATX.invokeExact(
                  state, SystemCall.AT_FDCWD, other.text(), 0, InodeState.MASK, statx);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    return result == 0 ? Optional.of(InodeState.read(statx).key()) : Optional.empty();
  }

  /** Writes what is left in a direct buffer, which stays as it is; false if not all was taken. */
  public boolean write(ByteBuffer bytes) {
    var memory = MemorySegment.ofBuffer(bytes);
    long written;
    try {
      written = (long) WRITE.invokeExact(state, file, memory, memory.byteSize());
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    return written == memory.byteSize();
  }

  /** Gives it the attribute; false if it cannot. */
  public boolean keep(byte[] text) {
    MemorySegment.copy(text, 0, value, ValueLayout.JAVA_BYTE, 0, text.length);
    int result;
    try {
      result = (int) SET.invokeExact(state, file, attribute, value, (long) text.length, 0);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    hasNoAttributes = result != 0 && SystemCall.errno(state) == SystemCall.EOPNOTSUPP;
    return result == 0;
  }

  /** Whether it could not just now because the filesystem has no attributes at all. */
  public boolean hasNoAttributes() {
    return hasNoAttributes;
  }

  /**
   * Gives it its name in the directory, in place of what had it; false if it cannot.
   *
   * @param inDirectory a name without a slash
   */
  public boolean place(byte[] inDirectory) {
    if (inDirectory.length >= LONGEST_PATH) {
      return false;
    }
    terminated(name, 0, inDirectory);
    if (isNamed) {
      return rename();
    }
    if (link(directory, name)) {
      return true;
    }
    if (SystemCall.errno(state) != SystemCall.EEXIST) {
      // Without /proc, for one: not to be tried again and again.
      mayBeNameless = false;
      return false;
    }
    isNamed = link(SystemCall.AT_FDCWD, path);
    return isNamed && rename();
  }

  /** Before Linux 6.10 only who may read everything links by number. */
  private boolean link(int where, MemorySegment as) {
    if (mayLinkByNumber) {
      if (link(file, nothing, where, as, EMPTY_PATH)) {
        return true;
      }
      if (SystemCall.errno(state) != SystemCall.ENOENT) {
        return false;
      }
    }
    terminated(link, 0, ("/proc/self/fd/" + file).getBytes(US_ASCII));
    boolean done = link(SystemCall.AT_FDCWD, link, where, as, FOLLOW);
    mayLinkByNumber &= !done;
    return done;
  }

  private boolean link(int from, MemorySegment path, int where, MemorySegment as, int flags) {
    try {
      return (int) LINK.invokeExact(state, from, path, where, as, flags) == 0;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  private boolean rename() {
    int result;
    try {
      result = (int) RENAME.invokeExact(state, SystemCall.AT_FDCWD, path, directory, name);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    isNamed = result != 0;
    return result == 0;
  }

  /** Ends the use of the file; without a name in a directory it goes. */
  public void end() {
    if (isNamed) {
      isNamed = false;
      try {
        int ignored = (int) UNLINK.invokeExact(state, path);
      } catch (Throwable e) {
        throw SystemCall.unforeseen(e);
      }
    }
    close(file);
    file = NONE;
  }

  /** Ends the use of the file and of the directory. */
  @Override
  public void close() {
    end();
    close(directory);
    directory = NONE;
  }

  private void close(int descriptor) {
    if (descriptor >= 0) {
      try {
        int ignored = (int) CLOSE.invokeExact(state, descriptor);
      } catch (Throwable e) {
        throw SystemCall.unforeseen(e);
      }
    }
  }
}
