package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at many files of one directory after another: status and an attribute, with two calls a
 * file and memory that is used again. Used by one thread at a time.
 */
public final class FileGlance {

  private static final MethodHandle GET =
      SystemCall.of("lgetxattr", LONG, POINTER, POINTER, POINTER, LONG);

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_VALUE = 64;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment attribute;
  private final MemorySegment statx = arena.allocate(FileStatus.BYTES, Long.BYTES);
  private final MemorySegment value = arena.allocate(LONGEST_VALUE);
  private final MemorySegment state = SystemCall.state(arena);
  private MemorySegment path = MemorySegment.NULL;
  private long nameAt;
  private boolean hasNoAttributes;

  /**
   * @param attribute with its prefix, as in {@code user.something}
   */
  public FileGlance(String attribute) {
    this.attribute = arena.allocateFrom(attribute);
  }

  /** Sets the directory of the files that are looked at next. */
  public void enter(Path directory) {
    var text = (directory + "/").getBytes(StandardCharsets.UTF_8);
    long needed = text.length + LONGEST_NAME + 1L;
    if (path.byteSize() < needed) {
      path = arena.allocate(2 * needed);
    }
    MemorySegment.copy(text, 0, path, ValueLayout.JAVA_BYTE, 0, text.length);
    nameAt = text.length;
  }

  /** The status of what has the name, which is not followed if it is a link; empty if nothing. */
  public Optional<FileStatus> status(String name) throws IOException {
    if (name.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    path.setString(nameAt, name, StandardCharsets.US_ASCII);
    int result;
    try {
      result =
          (int)
              FileStatus.STATX.invokeExact(
                  state,
                  SystemCall.AT_FDCWD,
                  path,
                  SystemCall.AT_SYMLINK_NOFOLLOW,
                  FileStatus.MASK,
                  statx);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (result == 0) {
      return Optional.of(FileStatus.of(statx));
    }
    if (SystemCall.isMissing(SystemCall.errno(state))) {
      return Optional.empty();
    }
    throw new FileSystemException(name, null, SystemCall.failure(state).getMessage());
  }

  /** The attribute of the file whose status was asked for last; empty also if it is unreadable. */
  public Optional<String> attribute() {
    long length;
    try {
      length = (long) GET.invokeExact(state, path, attribute, value, (long) LONGEST_VALUE);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    hasNoAttributes = length < 0 && SystemCall.errno(state) == SystemCall.EOPNOTSUPP;
    if (length < 0) {
      return Optional.empty();
    }
    var text = new byte[(int) length];
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, text, 0, text.length);
    return Optional.of(new String(text, StandardCharsets.ISO_8859_1));
  }

  /** Whether there was none just now because the filesystem has no attributes at all. */
  public boolean hasNoAttributes() {
    return hasNoAttributes;
  }
}
