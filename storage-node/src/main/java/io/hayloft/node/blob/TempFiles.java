package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files on their way in. Each lies on the device that it is meant for, so that a rename can put it
 * in place, in a directory that no protocol reaches. What a crash leaves there is removed at the
 * next start.
 *
 * <p>Names carry a number drawn at the start of the process: if an old process still runs on the
 * same disks, neither can take the other's files for its own.
 */
final class TempFiles {

  private static final Logger log = LoggerFactory.getLogger(TempFiles.class);

  static final String DIRECTORY = BlobPath.RESERVED + "-tmp";

  /** Several directories, because those who create files in one wait for each other. */
  private static final int SPREAD = 16;

  private static final FileAttribute<?> RIGHTS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private final Docroot docroot;
  private final MountGuard mounts;
  private final String process;
  private final AtomicLong next = new AtomicLong();

  TempFiles(Docroot docroot, MountGuard mounts, RandomGenerator random) {
    this.docroot = docroot;
    this.mounts = mounts;
    this.process = HexFormat.of().toHexDigits(random.nextLong());
  }

  record TempFile(Path path, FileChannel channel) {}

  /** A new empty file, open for reading and writing; empty when there is no such device. */
  Optional<TempFile> create(DeviceId device) throws IOException {
    var path = Path.of(docroot.device(device) + next());
    try {
      return Optional.of(open(path));
    } catch (NoSuchFileException e) {
      if (!docroot.has(device) || mounts.hasLostItsDisk(device)) {
        return Optional.empty();
      }
    }
    makeDirectories(device);
    return Optional.of(open(path));
  }

  /** The path of another one, from the device's directory on, with the slash before it. */
  String next() {
    long number = next.getAndIncrement();
    return "/" + DIRECTORY + "/" + Long.toHexString(number % SPREAD) + "/" + process + "-" + number;
  }

  /** All of them, since who stores at once makes none. */
  private void makeDirectories(DeviceId device) throws IOException {
    var root = docroot.device(device).resolve(DIRECTORY);
    makeIfMissing(root);
    for (int i = 0; i < SPREAD; i++) {
      makeIfMissing(root.resolve(Integer.toHexString(i)));
    }
  }

  private static TempFile open(Path path) throws IOException {
    var options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new TempFile(path, FileChannel.open(path, options, RIGHTS));
  }

  private static void makeIfMissing(Path directory) throws IOException {
    try {
      Directories.make(directory);
    } catch (FileAlreadyExistsException e) {
      log.trace("{} is there already", directory);
    }
  }

  /** Removes what earlier processes left on a device. What cannot go is reported and left. */
  void clean(DeviceId device) {
    int removed = 0;
    var root = docroot.device(device).resolve(DIRECTORY);
    try {
      for (int i = 0; i < SPREAD; i++) {
        removed += clean(root.resolve(Integer.toHexString(i)));
      }
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("dev{} is not cleaned of unfinished uploads: {}", device, e.toString());
    }
    if (removed > 0) {
      log.info("dev{}: removed {} unfinished uploads of an earlier process", device, removed);
    }
  }

  private int clean(Path directory) throws IOException {
    int removed = 0;
    try (var left = Files.newDirectoryStream(directory)) {
      for (var file : left) {
        if (!file.getFileName().toString().startsWith(process)) {
          Files.deleteIfExists(file);
          removed++;
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      log.trace("nothing to clean in {}", directory);
    }
    return removed;
  }
}
