package io.hayloft.node.kernel;

import static io.hayloft.node.kernel.SystemCall.INT;
import static io.hayloft.node.kernel.SystemCall.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Has the kernel begin to write a file's bytes to the disk, for who is going to sync it: several
 * files that are synced one after the other then wait for the disk at the same time.
 */
public final class WriteOut {

  private static final MethodHandle SYNC_RANGE =
      SystemCall.of("sync_file_range", INT, INT, LONG, LONG, INT);

  /** To begin only; nothing is waited for, and an error is left for the sync to find. */
  private static final int WRITE = 2;

  private WriteOut() {}

  /** Says whether the kernel took it; nothing depends on that. */
  public static boolean begin(Path file) {
    int descriptor;
    try {
      descriptor = Descriptor.file(file);
    } catch (IOException e) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      return (int) SYNC_RANGE.invokeExact(SystemCall.state(arena), descriptor, 0L, 0L, WRITE) == 0;
    } catch (Throwable e) {
      throw SystemCall.unforeseen(e);
    } finally {
      Descriptor.close(descriptor);
    }
  }
}
