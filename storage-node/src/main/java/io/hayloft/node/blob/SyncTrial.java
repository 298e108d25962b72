package io.hayloft.node.blob;

import io.hayloft.node.kernel.FileReader;
import io.hayloft.node.kernel.Filesystem;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;

/**
 * What a disk must do before its syncs are believed again: write all that waits (syncfs), take a
 * file as a PUT would be taken (bytes, sync, rename, sync of the directory), and give its bytes
 * back from the disk itself, not from memory.
 */
final class SyncTrial {

  private static final String NAME = BlobPath.RESERVED + "-trial";
  private static final int LENGTH = 256 << 10;

  private final RandomGenerator random;

  SyncTrial(RandomGenerator random) {
    this.random = random;
  }

  /** Makes an open file durable, and remembers when that fails. */
  @FunctionalInterface
  interface Sync {
    void sync(DeviceId device, FileChannel channel, boolean metadata) throws IOException;
  }

  /** Returns when the disk has passed; leaves nothing behind. */
  void run(DeviceId device, Path directory, Sync sync) throws IOException {
    Filesystem.sync(directory.toRealPath());
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    var next = directory.resolve(NAME + "-next");
    var file = directory.resolve(NAME);
    try {
      try (var channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING,
              LinkOption.NOFOLLOW_LINKS)) {
        for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
          channel.write(left);
        }
        sync.sync(device, channel, true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(device, directory, sync);
      compare(file, bytes);
    } finally {
      Files.deleteIfExists(next);
      Files.deleteIfExists(file);
    }
    syncDirectory(device, directory, sync);
  }

  private static void syncDirectory(DeviceId device, Path directory, Sync sync) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      sync.sync(device, channel, true);
    }
  }

  private static void compare(Path file, byte[] expected) throws IOException {
    try (var reader = FileReader.open(file, new FileReader.Memory())) {
      reader.forgetPages();
      int at = 0;
      while (at < expected.length) {
        var got = reader.read(at);
        int length = Math.min(got.remaining(), expected.length - at);
        if (length == 0 || !got.limit(length).equals(ByteBuffer.wrap(expected, at, length))) {
          throw new DiskException(
              DiskException.Code.BROKEN, "a file that was synced reads back differently");
        }
        at += length;
      }
    }
  }
}
