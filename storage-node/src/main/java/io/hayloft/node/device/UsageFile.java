package io.hayloft.node.device;

import io.hayloft.node.blob.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes a device's usage file so that a reader never finds it empty or half written. That it
 * reaches the disk is also the proof that the disk takes writes.
 */
final class UsageFile {

  static final String NAME = "usage";

  /** Reserved for the node, so that nobody can read or write it over HTTP. */
  private static final String NEXT = ".hayloft-usage";

  private UsageFile() {}

  /** Makes what was written durable. */
  @FunctionalInterface
  interface Sync {
    void sync(FileChannel channel) throws IOException;
  }

  static void write(Path device, byte[] text, Sync sync) throws DiskException {
    try {
      try {
        replace(device, text, sync);
      } catch (IOException e) {
        var failure = DiskException.of(e);
        if (failure.code() != DiskException.Code.FULL) {
          throw failure;
        }
        overwrite(device.resolve(NAME), text);
        Files.deleteIfExists(device.resolve(NEXT));
      }
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  private static void replace(Path device, byte[] text, Sync sync) throws IOException {
    var next = device.resolve(NEXT);
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS)) {
      writeAll(channel, text);
      sync.sync(channel);
    }
    Files.move(next, device.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * For a full disk, which has no room for a second file but must say that it is full: the old
   * file's block is used again. New text and padding go over the old in one write, so a reader
   * finds either.
   */
  private static void overwrite(Path file, byte[] text) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      int old = (int) Math.min(channel.size(), 4_096);
      var padded = Arrays.copyOf(text, Math.max(text.length, old));
      Arrays.fill(padded, text.length, padded.length, (byte) '\n');
      writeAll(channel, padded);
      channel.truncate(text.length);
    }
  }

  private static void writeAll(FileChannel channel, byte[] text) throws IOException {
    for (var bytes = ByteBuffer.wrap(text); bytes.hasRemaining(); ) {
      channel.write(bytes);
    }
  }
}
