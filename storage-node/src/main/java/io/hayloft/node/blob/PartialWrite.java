package io.hayloft.node.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Copies bytes between open files, for writes of a part of a file. Where the kernel can it copies
 * without showing the bytes to the process.
 */
public final class PartialWrite {

  /** What became of a write to a part of a file. */
  public enum Outcome {
    DONE,
    /** There is no such file: a part needs a whole. */
    MISSING,
    /** It would have left a hole. */
    BEYOND_END,
    /** Another request changed the file at the same time. */
    BUSY
  }

  private PartialWrite() {}

  static void copy(FileChannel from, FileChannel to, long toPosition) throws IOException {
    copy(from, from.size(), to, toPosition);
  }

  static void copy(FileChannel from, long length, FileChannel to, long toPosition)
      throws IOException {
    to.position(toPosition);
    long done = 0;
    while (done < length) {
      long moved = from.transferTo(done, length - done, to);
      if (moved <= 0) {
        throw new EOFException("a file became shorter while it was copied");
      }
      done += moved;
    }
  }
}
