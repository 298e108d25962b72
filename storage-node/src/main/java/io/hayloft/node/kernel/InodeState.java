package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the filesystem says of what a name leads to, up to its last change of any kind. Two equal
 * ones are of the same file with the same content and attributes, unless it was changed twice
 * within a tick of the filesystem's clock.
 *
 * @param key which file it is
 * @param mode its type, and who may do what with it
 * @param size in bytes
 * @param modifiedNanos Unix time of the last change of content
 * @param changedNanos Unix time of the last change of content, attributes or names
 */
public record InodeState(Key key, int mode, long size, long modifiedNanos, long changedNanos) {

  /** The filesystem and its name of the file, which a replacement changes. */
  public record Key(long device, long inode) {}

  /** Of the structure that {@code statx} fills. */
  static final long BYTES = FileStatus.BYTES;

  /** Also the time of the last change. */
  static final int MASK = FileStatus.MASK | 0x80;

  private static final long MODE = 28;
  private static final long INODE = 32;
  private static final long SIZE = 40;
  private static final long CHANGED = 96;
  private static final long MODIFIED = 112;
  private static final long NANOS_AFTER = 8;
  private static final long DEVICE_MAJOR = 136;
  private static final long DEVICE_MINOR = 140;

  private static final int TYPE = 0xf000;
  private static final int REGULAR = 0x8000;
  private static final int DIRECTORY = 0x4000;

  /** Of what has the name, which is not followed if it is a link. */
  public static InodeState of(Path file) throws IOException {
    return look(file, SystemCall.AT_SYMLINK_NOFOLLOW);
  }

  /** Of what the name leads to in the end. */
  public static InodeState followed(Path file) throws IOException {
    return look(file, 0);
  }

  private static InodeState look(Path file, int flags) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var statx = arena.allocate(BYTES, Long.BYTES);
      int result =
          (int)
              FileStatus.STATX.invokeExact(
                  state, SystemCall.AT_FDCWD, SystemCall.text(arena, file), flags, MASK, statx);
      if (result != 0) {
        throw SystemCall.failure(state, file);
      }
      return read(statx);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  static InodeState read(MemorySegment statx) {
    return new InodeState(
        new Key(
            (long) statx.get(INT, DEVICE_MAJOR) << Integer.SIZE
                | Integer.toUnsignedLong(statx.get(INT, DEVICE_MINOR)),
            statx.get(ValueLayout.JAVA_LONG, INODE)),
        Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, MODE)),
        statx.get(ValueLayout.JAVA_LONG, SIZE),
        nanos(statx, MODIFIED),
        nanos(statx, CHANGED));
  }

  private static long nanos(MemorySegment statx, long at) {
    return TimeUnit.SECONDS.toNanos(statx.get(ValueLayout.JAVA_LONG, at))
        + statx.get(INT, at + NANOS_AFTER);
  }

  public boolean isFile() {
    return (mode & TYPE) == REGULAR;
  }

  public boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  /** Unix time in milliseconds. */
  public long modifiedMillis() {
    return Math.floorDiv(modifiedNanos, 1_000_000L);
  }
}
