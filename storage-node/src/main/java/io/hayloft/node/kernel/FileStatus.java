package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What the filesystem says of a file.
 *
 * @param inode the filesystem's name of the file, which a replacement changes
 * @param size in bytes
 * @param modifiedSeconds Unix time
 * @param modifiedNanos what is beyond the whole seconds
 */
public record FileStatus(
    boolean isFile, long inode, long size, long modifiedSeconds, int modifiedNanos) {

  static final MethodHandle STATX = SystemCall.of("statx", INT, INT, POINTER, INT, INT, POINTER);

  /** Type, mode, time of modification, inode and size. */
  static final int MASK = 0x1 | 0x2 | 0x40 | 0x100 | 0x200;

  /** Of the structure, which is the same everywhere. */
  static final long BYTES = 256;

  private static final long MODE = 28;
  private static final long INODE = 32;
  private static final long SIZE = 40;
  private static final long MODIFIED_SECONDS = 112;
  private static final long MODIFIED_NANOS = 120;

  private static final int TYPE = 0xf000;
  private static final int REGULAR = 0x8000;

  static FileStatus of(MemorySegment statx) {
    return new FileStatus(
        (statx.get(ValueLayout.JAVA_SHORT, MODE) & TYPE) == REGULAR,
        statx.get(ValueLayout.JAVA_LONG, INODE),
        statx.get(ValueLayout.JAVA_LONG, SIZE),
        statx.get(ValueLayout.JAVA_LONG, MODIFIED_SECONDS),
        statx.get(ValueLayout.JAVA_INT, MODIFIED_NANOS));
  }
}
