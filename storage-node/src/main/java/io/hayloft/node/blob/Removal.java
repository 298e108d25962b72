package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes many files of a device, with one sync for each directory that they are in. What was not
 * there is synced as well: an earlier deletion may have got no further than the memory. Of a device
 * that is not there nothing is said to be gone: its disk may come back.
 */
public final class Removal {

  private final BlobStore store;

  public Removal(BlobStore store) {
    this.store = store;
  }

  /** For each path why its file may still be there; empty when it is durably gone. */
  public Map<BlobPath, Optional<DiskException>> remove(List<BlobPath> paths) {
    var ends = new HashMap<BlobPath, Optional<DiskException>>();
    for (var path : paths) {
      ends.put(path, removeOne(path));
    }
    var synced = new HashMap<String, Optional<DiskException>>();
    for (var path : paths) {
      if (ends.getOrDefault(path, Optional.empty()).isEmpty()) {
        ends.put(path, synced.computeIfAbsent(directory(path), _ -> sync(path)));
      }
    }
    return ends;
  }

  private Optional<DiskException> removeOne(BlobPath path) {
    try {
      return switch (store.remove(path)) {
        case DONE -> Optional.empty();
        case MISSING ->
            store.hasDisk(path.device())
                ? Optional.empty()
                : Optional.of(
                    new DiskException(
                        DiskException.Code.BAD_NAME,
                        "there is no device " + path.device().directory()));
        case DIRECTORY ->
            Optional.of(
                new DiskException(DiskException.Code.IN_THE_WAY, "A directory is not deleted."));
      };
    } catch (DiskException e) {
      return Optional.of(e);
    }
  }

  private Optional<DiskException> sync(BlobPath path) {
    try {
      store.directoryChanged(path);
      return Optional.empty();
    } catch (NoSuchFileException noDirectory) {
      return Optional.empty();
    } catch (IOException e) {
      return noDirectory(e) ? Optional.empty() : Optional.of(DiskException.of(e));
    }
  }

  /** Who shared a sync is told of its failure as a cause. */
  private static boolean noDirectory(IOException failure) {
    return failure.getCause() instanceof NoSuchFileException;
  }

  private static String directory(BlobPath path) {
    return path.text().substring(0, path.text().lastIndexOf('/'));
  }
}
