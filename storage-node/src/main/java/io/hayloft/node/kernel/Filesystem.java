package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What is asked of a filesystem as a whole. */
public final class Filesystem {

  private static final MethodHandle SYNC = SystemCall.of("syncfs", INT, INT);

  private Filesystem() {}

  /**
   * Writes all that is not yet on the disk, whoever wrote it. Fails also when a write in the
   * background failed that nobody has been told of (since Linux 5.8).
   *
   * @param directory any on the filesystem, not a link
   */
  public static void sync(Path directory) throws IOException {
    int descriptor = Descriptor.directory(directory);
    try (var arena = Arena.ofConfined()) {
      var state = SystemCall.state(arena);
      if ((int) SYNC.invokeExact(state, descriptor) != 0) {
        throw SystemCall.failure(state);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    } finally {
      Descriptor.close(descriptor);
    }
  }
}
