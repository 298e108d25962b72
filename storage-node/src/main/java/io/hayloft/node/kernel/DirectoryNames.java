package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The names in directories, read in large pieces and without an object for each but its name. Used
 * by one thread at a time.
 */
public final class DirectoryNames {

  private static final MethodHandle GETDENTS =
      SystemCall.of("getdents64", LONG, INT, POINTER, LONG);

  private static final int PIECE = 64 << 10;
  private static final long RECORD_LENGTH = 16;
  private static final long NAME = 19;

  private final MemorySegment piece;
  private final MemorySegment state;

  public DirectoryNames() {
    var arena = Arena.ofAuto();
    piece = arena.allocate(PIECE, Long.BYTES);
    state = SystemCall.state(arena);
  }

  /**
   * Tells each name but {@code .} and {@code ..}, in no order. A directory that is not there, or is
   * none, has no names.
   */
  public void forEach(Path directory, Consumer<String> each) throws IOException {
    int descriptor;
    try {
      descriptor = Descriptor.directory(directory);
    } catch (NoSuchFileException e) {
      return;
    }
    try {
      for (long length = fill(descriptor); length > 0; length = fill(descriptor)) {
        tell(length, each);
      }
    } finally {
      Descriptor.close(descriptor);
    }
  }

  private long fill(int descriptor) throws IOException {
    long length;
    try {
      length = (long) GETDENTS.invokeExact(state, descriptor, piece, (long) PIECE);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
    if (length < 0) {
      if (SystemCall.errno(state) == SystemCall.ENOENT) {
        return 0;
      }
      throw SystemCall.failure(state);
    }
    return length;
  }

  private void tell(long length, Consumer<String> each) {
    for (long at = 0; at < length; ) {
      var name = piece.getString(at + NAME, StandardCharsets.UTF_8);
      if (!name.equals(".") && !name.equals("..")) {
        each.accept(name);
      }
      at += Short.toUnsignedInt(piece.get(ValueLayout.JAVA_SHORT, at + RECORD_LENGTH));
    }
  }
}
