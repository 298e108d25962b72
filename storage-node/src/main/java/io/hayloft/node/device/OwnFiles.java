package io.hayloft.node.device;

import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts as used what lies below a device's directory, so that several devices on one filesystem
 * tell their shares apart. Links are not followed.
 *
 * <p>Counting a large device takes minutes, in which its usage must still be told: a count runs
 * beside, one at a time for each device, and the last that has ended is told. Until the first has,
 * that is what the filesystem says.
 */
public final class OwnFiles implements Room {

  private static final Logger log = LoggerFactory.getLogger(OwnFiles.class);

  /** What most filesystems give to a file at least, in KiB. */
  private static final long BLOCK = 4;

  private final Room filesystem;
  private final Tasks tasks;
  private final Map<Path, Long> counted = new ConcurrentHashMap<>();
  private final Set<Path> counting = ConcurrentHashMap.newKeySet();

  public OwnFiles(Room filesystem, Tasks tasks) {
    this.filesystem = filesystem;
    this.tasks = tasks;
  }

  @Override
  public Optional<UsageReport.Space> of(Path device) {
    if (counting.add(device)) {
      try {
        tasks.start("size of " + device.getFileName(), () -> count(device));
      } catch (RejectedExecutionException stopping) {
        counting.remove(device);
      }
    }
    return filesystem
        .of(device)
        .map(
            space ->
                new UsageReport.Space(
                    counted.getOrDefault(device, space.used()), space.available()));
  }

  private void count(Path device) {
    try {
      var sum = new Sum();
      Files.walkFileTree(device, sum);
      counted.put(device, sum.kib);
    } catch (IOException e) {
      log.warn("{} cannot be counted: {}", device, e.toString());
    } finally {
      counting.remove(device);
    }
  }

  private static final class Sum extends SimpleFileVisitor<Path> {

    private long kib;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      kib += BLOCK;
      return Thread.currentThread().isInterrupted()
          ? FileVisitResult.TERMINATE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      kib += Math.ceilDiv(attributes.size(), BLOCK << 10) * BLOCK;
      return FileVisitResult.CONTINUE;
    }

    /** Gone meanwhile, or not to be read. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException why) {
      return FileVisitResult.CONTINUE;
    }
  }
}
