package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Opens and closes by number what the JDK would hide the number of. Links are not followed. */
final class Descriptor {

  private static final MethodHandle OPEN = SystemCall.of("open", INT, POINTER, INT);
  private static final MethodHandle CLOSE = SystemCall.of("close", INT, INT);
  private static final int EPERM = 1;

  private Descriptor() {}

  static int directory(Path directory) throws IOException {
    return open(directory, OpenFlags.DIRECTORY);
  }

  /** A file to read without leaving a time of access, where that is allowed. */
  static int file(Path file) throws IOException {
    return open(file, OpenFlags.NO_ACCESS_TIME);
  }

  private static int open(Path path, int flags) throws IOException {
    int usual = OpenFlags.READ_ONLY | OpenFlags.CLOSE_ON_EXEC | OpenFlags.NO_FOLLOW;
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      var text = SystemCall.text(arena, path);
      int descriptor = (int) OPEN.invokeExact(state, text, usual | flags);
      if (descriptor < 0
          && SystemCall.errno(state) == EPERM
          && (flags & OpenFlags.NO_ACCESS_TIME) != 0) {
        descriptor = (int) OPEN.invokeExact(state, text, usual);
      }
      if (descriptor < 0) {
        throw SystemCall.failure(state, path);
      }
      return descriptor;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }

  /** What was only read from has nothing to fail with. */
  static void close(int descriptor) {
    try (var arena = Arena.ofConfined()) {
      int ignored = (int) CLOSE.invokeExact(SystemCall.state(arena), descriptor);
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    }
  }
}
