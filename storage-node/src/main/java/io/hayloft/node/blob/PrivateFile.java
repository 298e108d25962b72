package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A short text that the node keeps in a device's directory for itself. No protocol reaches it. It
 * is written anew as a whole: after a crash it is the old or the new one.
 */
public final class PrivateFile {

  private static final int LONGEST = 1 << 20;

  private final String name;

  /**
   * @param what the name without what all such names begin with
   */
  public PrivateFile(String what) {
    this.name = BlobPath.RESERVED + "-" + what;
  }

  public String name() {
    return name;
  }

  public boolean isIn(Path device) {
    return Files.exists(device.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Empty when there is none. What is beyond a megabyte is not read. */
  public Optional<String> read(Path device) throws IOException {
    try (var channel =
        FileChannel.open(
            device.resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = ByteBuffer.allocate((int) Math.min(LONGEST, channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // On to the end.
      }
      return Optional.of(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Durable when it returns. */
  public void write(Path device, String text) throws IOException {
    var next = device.resolve(name + "-next");
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS)) {
      for (var bytes = StandardCharsets.UTF_8.encode(text); bytes.hasRemaining(); ) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    Files.move(next, device.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    try (var channel = FileChannel.open(device, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
