package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives files their names: the last step of an upload, a write to a part or a move. */
final class Placement {

  private final Docroot docroot;
  private final DeviceIdentities identities;
  private final Directories directories;
  private final OpenBlobs openBlobs;

  Placement(
      Docroot docroot, DeviceIdentities identities, Directories directories, OpenBlobs openBlobs) {
    this.docroot = docroot;
    this.identities = identities;
    this.directories = directories;
    this.openBlobs = openBlobs;
  }

  /** Renames a file, which may be a temporary one, to a path whose directories it makes. */
  void putInPlace(Path from, BlobPath to) throws IOException {
    admit(to);
    rename(from, to);
  }

  /** An upload may have taken long, and the disk been exchanged or lost trust meanwhile. */
  private void admit(BlobPath to) throws DiskException {
    identities.admit(to.device());
    directories.admit(to.device());
  }

  private void rename(Path from, BlobPath to) throws IOException {
    directories.prepareParent(to);
    try {
      Files.move(from, docroot.reach(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // Somebody removed a directory that was there when it was last prepared.
      directories.forget(docroot.device(to.device()));
      directories.prepareParent(to);
      Files.move(from, docroot.reach(to), StandardCopyOption.ATOMIC_MOVE);
    }
    openBlobs.changed(to);
  }

  /**
   * How an upload came to its name.
   *
   * @param isNew whether nothing had the name before
   * @param key what tells the file from one that may take its place
   */
  record Placed(BlobPath path, boolean isNew, @Nullable Object key) {}

  /**
   * Gives an upload its name, which is to be {@link #syncName synced} then. When that fails the
   * file is to be {@link #takeBack taken back}.
   */
  Placed place(Path from, BlobPath to) throws IOException {
    admit(to);
    if (!directories.syncsNames()) {
      rename(from, to);
      return new Placed(to, false, null);
    }
    boolean isNew = !Files.exists(docroot.file(to), LinkOption.NOFOLLOW_LINKS);
    var key = BlobStore.attributes(from).fileKey();
    rename(from, to);
    return new Placed(to, isNew, key);
  }

  /** Makes a name durable, if that is wanted. */
  void syncName(BlobPath path) throws IOException {
    directories.syncIfFull(path.device(), docroot.directory(path));
  }

  /** Whether names are made durable, which takes a sync of their {@link #directory}. */
  boolean syncsNames() {
    return directories.syncsNames();
  }

  Path directory(BlobPath path) {
    return docroot.directory(path);
  }

  /** Where a file cannot have its checksum as an attribute. */
  void noteCrc(BlobPath path, String note) {
    StoredCrc.note(docroot.file(path), note);
    // Somebody may have opened it before it had one.
    openBlobs.changed(path);
  }

  /**
   * When the name of a file cannot be made durable: one that is new goes again; one that has
   * replaced another stays, because the other cannot come back. Another upload may have replaced
   * the file meanwhile; that one is not touched.
   */
  void takeBack(Placed placed, IOException why) {
    if (!placed.isNew()) {
      return;
    }
    var file = docroot.file(placed.path());
    try {
      if (Objects.equals(BlobStore.attributes(file).fileKey(), placed.key())) {
        Files.delete(file);
      }
    } catch (IOException worse) {
      why.addSuppressed(worse);
    }
    openBlobs.changed(placed.path());
  }
}
