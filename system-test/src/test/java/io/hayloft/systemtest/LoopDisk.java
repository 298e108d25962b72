package io.hayloft.systemtest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own for one device: an ext4 file system in a file. It can be made to fail as a disk
 * does, so that everything that would touch it is an I/O error.
 */
final class LoopDisk implements AutoCloseable {

  /** Enough to get new files; the image takes only what is written to it. */
  private static final long BYTES = 512L << 20;

  /** EXT4_IOC_SHUTDOWN without writing anything back. */
  private static final String BREAK =
      """
      import fcntl, os, struct, sys
      fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))
      """;

  private final Path mounted;

  private LoopDisk(Path mounted) {
    this.mounted = mounted;
  }

  /**
   * Mounts a new disk on a directory; empty where this process may not.
   *
   * @param image the file to make it in
   */
  static Optional<LoopDisk> mount(Path image, Path directory) {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean done =
        run("mkfs.ext4", "-q", "-F", image.toString())
            && run("mount", "-o", "loop", image.toString(), directory.toString());
    return done ? Optional.of(new LoopDisk(directory)) : Optional.empty();
  }

  /** From now on it fails; false where that cannot be done. */
  boolean fail() {
    return run("python3", "-c", BREAK, mounted.toString());
  }

  private static boolean run(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    var _ = run("umount", "-l", mounted.toString());
  }
}
