package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The directories between a device and its files: makes them, and sees to it that their entries are
 * durable before a file in them is acknowledged.
 *
 * <p>That a directory exists does not say that its entry is on the disk: another request may have
 * made it a moment ago. So the first use of each directory syncs all that lead to it; a bounded
 * memory of those done keeps this from being repeated.
 */
final class Directories {

  private static final int REMEMBERED = 8_192;

  private final Docroot docroot;
  private final Durability durability;
  private final DirectorySync sync;
  private final SyncTrust trust;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Boolean> durable =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  Directories(Docroot docroot, Durability durability, DirectorySync sync, SyncTrust trust) {
    this.docroot = docroot;
    this.durability = durability;
    this.sync = sync;
    this.trust = trust;
  }

  /** Makes the directory that the file goes into, and those above it, but never the device's. */
  void prepareParent(BlobPath blob) throws IOException {
    prepare(blob.device(), docroot.directory(blob));
  }

  /** The same for the directory itself. */
  void prepare(DeviceId id, Path directory) throws IOException {
    var device = docroot.device(id);
    if (directory.equals(device) || isDurable(directory)) {
      return;
    }
    var below = new ArrayDeque<Path>();
    for (var each = directory; !each.equals(device); each = Docroot.above(each)) {
      below.push(each);
    }
    for (var each : below) {
      makeIfMissing(each);
      syncIfFull(id, Docroot.above(each));
    }
    remember(directory);
  }

  private static void makeIfMissing(Path directory) throws IOException {
    try {
      make(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new DiskException(
            DiskException.Code.IN_THE_WAY, "Not a directory: " + directory.getFileName());
      }
    }
  }

  /** Makes one directory with the rights that the original gave. */
  static void make(Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  /**
   * Whether changes of the device may begin.
   *
   * @throws DiskException when they were to be durable and its syncs cannot be believed
   */
  void admit(DeviceId device) throws DiskException {
    switch (durability) {
      case FULL, DATA -> trust.admit(device);
      case NONE -> {}
    }
  }

  /** Makes the bytes of an open file durable, if that is wanted. */
  void makeDurable(DeviceId device, FileChannel channel) throws IOException {
    switch (durability) {
      case FULL, DATA -> {
        trust.sync(device, channel, false);
        trust.admit(device);
      }
      case NONE -> {}
    }
  }

  /** Makes the entries of a directory durable, if that is wanted. */
  void syncIfFull(DeviceId device, Path directory) throws IOException {
    if (syncsNames()) {
      sync.sync(device, directory);
    }
  }

  /** Whether anything is made durable. */
  boolean syncs() {
    return durability != Durability.NONE;
  }

  /** Whether names are made durable, not only bytes. */
  boolean syncsNames() {
    return durability == Durability.FULL;
  }

  SyncTrust trust() {
    return trust;
  }

  /** To be called when a directory turns out to be missing: somebody removed it. */
  void forget(Path directory) {
    lock.lock();
    try {
      durable.keySet().removeIf(known -> known.startsWith(directory));
    } finally {
      lock.unlock();
    }
  }

  private boolean isDurable(Path directory) {
    lock.lock();
    try {
      return durable.get(directory) != null;
    } finally {
      lock.unlock();
    }
  }

  private void remember(Path directory) {
    lock.lock();
    try {
      durable.put(directory, true);
    } finally {
      lock.unlock();
    }
  }
}
