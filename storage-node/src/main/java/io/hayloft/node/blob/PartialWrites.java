package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes to parts of files, one at a time for each file. */
public final class PartialWrites {

  private static final Set<OpenOption> READ_AND_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Docroot docroot;
  private final BlobStore store;
  private final OpenBlobs openBlobs;
  private final TempFiles temps;
  private final Set<BlobPath> underWay = ConcurrentHashMap.newKeySet();

  PartialWrites(Docroot docroot, BlobStore store, OpenBlobs openBlobs, TempFiles temps) {
    this.docroot = docroot;
    this.store = store;
    this.openBlobs = openBlobs;
    this.temps = temps;
  }

  /**
   * Writes the bytes of an open file into a part of another. At the end of the file they are
   * appended to it, and cut off again if that fails; only a crash amid it can leave the file longer
   * than was ever acknowledged. Elsewhere a changed copy takes the file's place, so that no reader
   * and no crash can see half of the change.
   */
  PartialWrite.Outcome writeAt(BlobPath path, FileChannel part, long from) throws IOException {
    if (!underWay.add(path)) {
      return PartialWrite.Outcome.BUSY;
    }
    try {
      return writeAt(path, docroot.reach(path), part, from);
    } catch (NoSuchFileException e) {
      return PartialWrite.Outcome.MISSING;
    } finally {
      underWay.remove(path);
    }
  }

  /**
   * Does something with a file that a write to a part of it must not meet.
   *
   * @return false, and nothing is done, while there is such a write
   */
  public boolean apart(BlobPath path, Runnable act) {
    if (!underWay.add(path)) {
      return false;
    }
    try {
      act.run();
      return true;
    } finally {
      underWay.remove(path);
    }
  }

  private PartialWrite.Outcome writeAt(BlobPath path, Path file, FileChannel part, long from)
      throws IOException {
    if (!BlobStore.attributes(file).isRegularFile()) {
      return PartialWrite.Outcome.MISSING;
    }
    var before = identity(file);
    try (var target = FileChannel.open(file, READ_AND_WRITE)) {
      long size = target.size();
      if (from > size) {
        return PartialWrite.Outcome.BEYOND_END;
      }
      return from == size
          ? append(path, file, part, target, before)
          : replacePart(path, part, from, target, before);
    }
  }

  private PartialWrite.Outcome append(
      BlobPath path, Path file, FileChannel part, FileChannel target, @Nullable Object before)
      throws IOException {
    long size = target.size();
    StoredCrc.drop(file);
    try {
      PartialWrite.copy(part, target, size);
      store.makeDurable(path.device(), target);
    } catch (IOException e) {
      target.truncate(size);
      throw e;
    } finally {
      openBlobs.changed(path);
    }
    return isSame(before, docroot.file(path))
        ? PartialWrite.Outcome.DONE
        : PartialWrite.Outcome.BUSY;
  }

  private PartialWrite.Outcome replacePart(
      BlobPath path, FileChannel part, long from, FileChannel old, @Nullable Object before)
      throws IOException {
    var temp = temps.create(path.device());
    if (temp.isEmpty()) {
      return PartialWrite.Outcome.MISSING;
    }
    var copy = temp.get();
    try (var channel = copy.channel()) {
      PartialWrite.copy(old, channel, 0);
      PartialWrite.copy(part, channel, from);
      store.makeDurable(path.device(), channel);
      if (!isSame(before, docroot.file(path))) {
        return PartialWrite.Outcome.BUSY;
      }
      store.placement().putInPlace(copy.path(), path);
      store.directoryChanged(path);
      return PartialWrite.Outcome.DONE;
    } finally {
      Files.deleteIfExists(copy.path());
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    try {
      return BlobStore.attributes(file).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static boolean isSame(@Nullable Object before, Path file) throws IOException {
    return before != null && before.equals(identity(file));
  }
}
