package io.hayloft.node.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A path as the C library takes it, for one that is used again and again. */
public final class CPath {

  private final MemorySegment text;

  private CPath(MemorySegment text) {
    this.text = text;
  }

  public static CPath of(Path path) {
    return new CPath(Arena.ofAuto().allocateFrom(path.toString(), UTF_8));
  }

  /** Ends with a zero. */
  MemorySegment text() {
    return text;
  }

  /** Copies it without the zero, and returns its length; -1 if it is longer than there is room. */
  int copyTo(MemorySegment into) {
    long length = text.byteSize() - 1;
    if (length > into.byteSize()) {
      return -1;
    }
    MemorySegment.copy(text, ValueLayout.JAVA_BYTE, 0, into, ValueLayout.JAVA_BYTE, 0, length);
    return (int) length;
  }
}
