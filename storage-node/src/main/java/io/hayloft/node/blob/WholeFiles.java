package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores small files whose bytes have all come, several at a time: step by step for all of them, so
 * that the disk writes the bytes of all while the first is waited for, and the names in one
 * directory are made durable by one sync. Each has an outcome of its own.
 */
public final class WholeFiles {

  private final BlobStore store;

  WholeFiles(BlobStore store) {
    this.store = store;
  }

  /** What became of a file. */
  public sealed interface Outcome {
    /** It is there, as durable as wanted. */
    record Stored(int crc32c) implements Outcome {}

    /** There is no such device. */
    record NoDevice() implements Outcome {}

    /** What was there before is there, or else the whole of these bytes. */
    record Failed(DiskException why) implements Outcome {}
  }

  /** A file to be stored. Used by one thread at a time. */
  public static final class WholeFile {
    private final BlobPath path;
    private final ByteBuffer bytes;
    private @Nullable Upload upload;
    private @Nullable Outcome outcome;

    /**
     * @param bytes all of them, which must stay as they are until the file is stored
     */
    public WholeFile(BlobPath path, ByteBuffer bytes) {
      this.path = path;
      this.bytes = bytes;
    }

    public BlobPath path() {
      return path;
    }

    /**
     * @throws IllegalStateException when nobody has stored it
     */
    public Outcome outcome() {
      if (outcome == null) {
        throw new IllegalStateException("nothing has become of " + path + " yet");
      }
      return outcome;
    }
  }

  /** One step of one file. */
  @FunctionalInterface
  private interface Step {
    void go(Upload upload) throws IOException;
  }

  /**
   * To be called by a thread that has stored files and stores none soon: it may have a directory
   * open, which keeps a disk from being unmounted.
   */
  public void rest() {
    store.storeAtOnce().rest();
  }

  /** Each of them has an outcome when this returns. Of those with one name the last is there. */
  public void store(List<WholeFile> files) {
    if (files.size() == 1) {
      storeTogether(files);
      return;
    }
    var left = files;
    while (!left.isEmpty()) {
      Set<BlobPath> names = new HashSet<>();
      var now = new ArrayList<WholeFile>();
      var later = new ArrayList<WholeFile>();
      for (var file : left) {
        (names.add(file.path) ? now : later).add(file);
      }
      storeTogether(now);
      left = later;
    }
  }

  /**
   * @param files each with a name of its own: what one has put there is nothing that another could
   *     have found there before
   */
  private void storeTogether(List<WholeFile> files) {
    try {
      files.forEach(this::begin);
      each(files, Upload::settle);
      if (files.size() > 1 && store.waitsForDisk()) {
        each(files, Upload::beginToWriteOut);
      }
      each(files, Upload::sync);
      each(files, Upload::place);
      syncNames(files);
      each(files, Upload::finish);
      files.forEach(WholeFiles::isStored);
    } finally {
      files.forEach(WholeFiles::end);
    }
  }

  private void begin(WholeFile file) {
    var crc = store.storeAtOnce().store(file.path, file.bytes);
    if (crc.isPresent()) {
      file.outcome = new Outcome.Stored(crc.getAsInt());
      return;
    }
    try {
      var upload = store.upload(file.path, false);
      if (upload.isEmpty()) {
        file.outcome = new Outcome.NoDevice();
        return;
      }
      file.upload = upload.get();
      file.upload.write(file.bytes);
    } catch (DiskException e) {
      fail(file, e);
    }
  }

  private static void each(List<WholeFile> files, Step step) {
    for (var file : files) {
      if (file.outcome == null && file.upload != null) {
        try {
          step.go(file.upload);
        } catch (IOException e) {
          fail(file, e);
        }
      }
    }
  }

  private void syncNames(List<WholeFile> files) {
    if (!store.placement().syncsNames()) {
      return;
    }
    Map<Path, List<WholeFile>> byDirectory = new LinkedHashMap<>();
    for (var file : files) {
      if (file.outcome == null) {
        byDirectory
            .computeIfAbsent(store.placement().directory(file.path), _ -> new ArrayList<>())
            .add(file);
      }
    }
    for (var together : byDirectory.values()) {
      try {
        store.directoryChanged(together.getFirst().path);
      } catch (IOException e) {
        each(together, upload -> upload.takeBack(e));
        together.forEach(file -> fail(file, e));
      }
    }
  }

  private static void isStored(WholeFile file) {
    if (file.outcome == null && file.upload != null) {
      file.outcome = new Outcome.Stored(file.upload.crc32c());
    }
  }

  /** At once, so that what the disk had no room for takes none from the next. */
  private static void fail(WholeFile file, IOException why) {
    file.outcome = new Outcome.Failed(DiskException.of(why));
    end(file);
  }

  private static void end(WholeFile file) {
    if (file.upload != null) {
      file.upload.close();
    }
  }
}
