package io.hayloft.cli.cluster;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Makes sure that only one process works in a directory. Ends with the process at the latest. */
final class DirectoryClaim implements AutoCloseable {

  private final FileChannel channel;

  private DirectoryClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws Refusal when another process has it
   */
  static DirectoryClaim of(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve("in-use.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new Refusal(
          ExitCode.FAILED,
          "another hayloft dev is running in %s: stop it, or choose another --data"
              .formatted(directory));
    }
    return new DirectoryClaim(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
