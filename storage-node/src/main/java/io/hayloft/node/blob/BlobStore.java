package io.hayloft.node.blob;

import io.hayloft.node.kernel.InodeState;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The files of a node. Every change is atomic for readers, and as durable as the {@link Durability}
 * says when the call returns; a crash leaves the old state or the new one. The methods may wait for
 * a disk, so they are not to be called by a thread that others wait for.
 *
 * <p>It refuses to make a device's directory: where none is, a disk is not mounted, and the bytes
 * would fill another one.
 */
public final class BlobStore {

  private static final int TRIES_TO_OPEN = 3;

  /** In bytes; larger files are few enough to be kept open. */
  private static final int READ_AT_ONCE = 64 << 10;

  /** What share of it may remember checksums. */
  private static final int OF_HEAP = 32;

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Docroot docroot;
  private final DeviceIdentities identities;
  private final OpenBlobs openBlobs;
  private final TempFiles temps;
  private final Directories directories;
  private final Time time;
  private final Quarantine quarantine;
  private final PartialWrites partialWrites;
  private final Placement placement;
  private final KnownCrcs crcs = new KnownCrcs(Runtime.getRuntime().maxMemory() / OF_HEAP);
  private final ReadsAtOnce readsAtOnce;
  private final StoreAtOnce storeAtOnce;

  public BlobStore(
      Docroot docroot,
      DeviceIdentities identities,
      Durability durability,
      OpenBlobs openBlobs,
      Time time,
      RandomGenerator random) {
    this(
        docroot,
        identities,
        openBlobs,
        time,
        new TempFiles(docroot, identities.mounts(), random),
        directories(docroot, durability, new SyncTrust(docroot, new SyncTrial(random))));
  }

  private static Directories directories(Docroot docroot, Durability durability, SyncTrust trust) {
    return new Directories(docroot, durability, DirectorySync.onDisk(trust), trust);
  }

  BlobStore(
      Docroot docroot,
      DeviceIdentities identities,
      OpenBlobs openBlobs,
      Time time,
      TempFiles temps,
      Directories directories) {
    this.docroot = docroot;
    this.identities = identities;
    this.openBlobs = openBlobs;
    this.time = time;
    this.temps = temps;
    this.directories = directories;
    this.placement = new Placement(docroot, identities, directories, openBlobs);
    this.partialWrites = new PartialWrites(docroot, this, openBlobs, temps);
    this.readsAtOnce = new ReadsAtOnce(identities, openBlobs, crcs, time, READ_AT_ONCE);
    this.storeAtOnce = new StoreAtOnce(identities, temps, openBlobs, time, !directories.syncs());
    this.quarantine = new Quarantine(docroot, identities, directories, openBlobs, time);
  }

  public Quarantine quarantine() {
    return quarantine;
  }

  /** Files that are read without waiting for a disk. */
  public ReadsAtOnce readsAtOnce() {
    return readsAtOnce;
  }

  /** Small files, several at a time. */
  public WholeFiles wholeFiles() {
    return new WholeFiles(this);
  }

  /** Whether who stores a file waits until the disk has it. */
  public boolean waitsForDisk() {
    return directories.syncs();
  }

  /** Whether the syncs of a device can be believed. */
  public SyncTrust trust() {
    return directories.trust();
  }

  StoreAtOnce storeAtOnce() {
    return storeAtOnce;
  }

  Placement placement() {
    return placement;
  }

  /** Lets a device in which a change is to be made. */
  private void admitChange(DeviceId device) throws DiskException {
    identities.admit(device);
    directories.admit(device);
  }

  /** What is found under a path. */
  public sealed interface Found {
    /** A file, retained for the caller. */
    record File(OpenBlob blob) implements Found {}

    record Directory() implements Found {}

    record Nothing() implements Found {}
  }

  public enum Deleted {
    DONE,
    MISSING,
    /** It is a directory, which is never deleted. */
    DIRECTORY
  }

  public enum Moved {
    TO_NEW_NAME,
    OVER_ANOTHER,
    MISSING,
    /** There is such a file already, and it was not to be replaced. */
    EXISTS
  }

  public enum Made {
    DONE,
    EXISTS,
    NO_PARENT
  }

  /** Opens what a path names. What is not a plain file or a directory counts as nothing. */
  public Found open(BlobPath path) throws DiskException {
    return open(path, true);
  }

  /** The same for who reads a file for once, such as a check of many: it is not kept open. */
  public Found openOnce(BlobPath path) throws DiskException {
    return open(path, false);
  }

  private Found open(BlobPath path, boolean keep) throws DiskException {
    identities.admit(path.device());
    try {
      var file = docroot.reach(path);
      for (int left = TRIES_TO_OPEN - 1; ; left--) {
        int changes = openBlobs.changes(path);
        long now = time.nanoTime();
        var state = InodeState.of(file);
        if (!state.isFile()) {
          return state.isDirectory() ? new Found.Directory() : new Found.Nothing();
        }
        var kept = stillRight(path, state, now);
        if (kept.isPresent()) {
          return new Found.File(kept.get());
        }
        var channel = FileChannel.open(file, READ);
        var blob = new OpenBlob(channel, version(state, channel), now);
        var crc = crc(file, state);
        boolean unchanged = openBlobs.changes(path) == changes;
        if (unchanged) {
          // Else it might be that of a file which has the name since.
          blob.crc32c(crc);
        }
        if (unchanged || left == 0) {
          if (keep) {
            openBlobs.keep(path, blob, changes);
          }
          return new Found.File(blob);
        }
        blob.release();
      }
    } catch (NoSuchFileException | InvalidPathException e) {
      return new Found.Nothing();
    } catch (IOException e) {
      var failure = DiskException.of(e);
      if (isAboutTheName(failure)) {
        return new Found.Nothing();
      }
      throw failure;
    }
  }

  /**
   * Drops of a device's open files those that are not what has their names any more. The device is
   * looked at once for all: a file of a disk that comes into its place meanwhile is another one,
   * and seen to be.
   */
  public void lookAgain(DeviceId device, List<OpenBlobs.Entry> entries) {
    try {
      identities.admit(device);
    } catch (DiskException refused) {
      // Whoever asks for one of them next is told why.
      openBlobs.closeAllOf(device);
      return;
    }
    entries.forEach(entry -> lookAgain(entry.path(), entry.blob()));
  }

  private void lookAgain(BlobPath path, OpenBlob blob) {
    long now = time.nanoTime();
    try {
      // A link on the way leads to this very file, if to any that counts as the same.
      var state = InodeState.of(docroot.file(path));
      if (blob.version().equals(version(state, state.size()))) {
        blob.checkedAt(now);
        return;
      }
    } catch (IOException | InvalidPathException gone) {
      // Whoever asks for it next is told why.
    }
    openBlobs.changed(path);
  }

  /** Remembers it, too, if it is sure to be what belongs to that state of the file. */
  private OptionalInt crc(Path file, InodeState state) throws IOException {
    long now = TimeUnit.MILLISECONDS.toNanos(time.now().toEpochMilli());
    var crc = StoredCrc.of(file);
    if (state.equals(InodeState.of(file))) {
      crcs.learn(state, crc, now);
    }
    return crc;
  }

  private Optional<OpenBlob> stillRight(BlobPath path, InodeState state, long now) {
    var kept = openBlobs.any(path);
    if (kept.isEmpty()) {
      return kept;
    }
    var blob = kept.get();
    if (blob.version().equals(version(state, state.size()))) {
      blob.checkedAt(now);
      return kept;
    }
    blob.release();
    openBlobs.changed(path);
    return Optional.empty();
  }

  private static OpenBlob.Version version(InodeState state, FileChannel channel)
      throws IOException {
    try {
      return version(state, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static OpenBlob.Version version(InodeState state, long size) {
    return new OpenBlob.Version(size, state.modifiedMillis(), state.changedNanos(), state.key());
  }

  private static boolean isAboutTheName(DiskException failure) {
    return switch (failure.code()) {
      case IN_THE_WAY, BAD_NAME -> true;
      case FULL, READ_ONLY, DENIED, REFUSED, TOO_MANY_FILES, DISTRUSTED, BROKEN -> false;
    };
  }

  /** Of the very thing that has the name, which may be a link. */
  static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** A file's length in bytes, or empty when there is no such file. */
  public OptionalLong size(BlobPath path) {
    try {
      var found = look(path);
      return found.isPresent() ? OptionalLong.of(found.get().length()) : OptionalLong.empty();
    } catch (DiskException unreadable) {
      return OptionalLong.empty();
    }
  }

  /**
   * What can be told of a file without reading it.
   *
   * @param length in bytes
   * @param modifiedSeconds Unix time
   * @param crc32c as it was when the file was stored, where that is kept
   */
  public record Look(long length, long modifiedSeconds, OptionalInt crc32c) {}

  /** Looks at a file; empty when there is none. */
  public Optional<Look> look(BlobPath path) throws DiskException {
    identities.admit(path.device());
    try {
      var file = docroot.reach(path);
      var attributes = attributes(file);
      return attributes.isRegularFile()
          ? Optional.of(
              new Look(
                  attributes.size(),
                  attributes.lastModifiedTime().to(TimeUnit.SECONDS),
                  StoredCrc.of(file)))
          : Optional.empty();
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      var failure = DiskException.of(e);
      if (isAboutTheName(failure)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** The CRC-32C of a file as it was when the file was stored, where that is kept. */
  public OptionalInt storedCrc(BlobPath path) throws DiskException {
    return look(path).map(Look::crc32c).orElse(OptionalInt.empty());
  }

  /** Whether the device has its disk: only then a file that is not found is not there. */
  public boolean hasDisk(DeviceId device) throws DiskException {
    try {
      return docroot.has(device) && !identities.mounts().hasLostItsDisk(device);
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** Begins to take a file's bytes in; empty when there is no such device. */
  public Optional<Upload> upload(BlobPath path, boolean wantsMd5) throws DiskException {
    admitChange(path.device());
    try {
      return temps.create(path.device()).map(temp -> new Upload(path, temp, this, wantsMd5));
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  public Deleted delete(BlobPath path) throws DiskException {
    var deleted = remove(path);
    if (deleted == Deleted.DONE) {
      try {
        directoryChanged(path);
      } catch (IOException e) {
        throw DiskException.of(e);
      }
    }
    return deleted;
  }

  /** Deletes a file without making that durable. */
  Deleted remove(BlobPath path) throws DiskException {
    admitChange(path.device());
    try {
      var file = docroot.reach(path);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        return Deleted.DIRECTORY;
      }
      Files.delete(file);
      openBlobs.changed(path);
      StoredCrc.forget(file);
      return Deleted.DONE;
    } catch (NoSuchFileException e) {
      return Deleted.MISSING;
    } catch (IOException e) {
      var failure = DiskException.of(e);
      if (isAboutTheName(failure)) {
        return Deleted.MISSING;
      }
      throw failure;
    }
  }

  /**
   * Gives a file another name on the same device, both durably. Where the name is taken and may not
   * be replaced nothing changes, also when somebody else takes it in the same moment.
   */
  public Moved move(BlobPath from, BlobPath to, boolean overwrite) throws DiskException {
    if (!from.device().equals(to.device())) {
      throw new IllegalArgumentException("a move stays on a device, not " + from + " to " + to);
    }
    admitChange(from.device());
    try {
      var source = docroot.reach(from);
      if (!attributes(source).isRegularFile()) {
        return Moved.MISSING;
      }
      if (!overwrite) {
        return linkThenRemove(source, from, to);
      }
      boolean replaces = Files.exists(docroot.file(to), LinkOption.NOFOLLOW_LINKS);
      placement.putInPlace(source, to);
      openBlobs.changed(from);
      StoredCrc.forget(source);
      directoryChanged(to);
      directoryChanged(from);
      return replaces ? Moved.OVER_ANOTHER : Moved.TO_NEW_NAME;
    } catch (NoSuchFileException e) {
      return Moved.MISSING;
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** A rename replaces without asking; a second name is given only where none is. */
  private Moved linkThenRemove(Path source, BlobPath from, BlobPath to) throws IOException {
    directories.prepareParent(to);
    try {
      Files.createLink(docroot.reach(to), source);
    } catch (FileAlreadyExistsException e) {
      return Moved.EXISTS;
    }
    openBlobs.changed(to);
    directoryChanged(to);
    Files.delete(source);
    openBlobs.changed(from);
    StoredCrc.forget(source);
    directoryChanged(from);
    return Moved.TO_NEW_NAME;
  }

  /** Makes one directory; the one above it must be there. */
  public Made makeDirectory(BlobPath path) throws DiskException {
    admitChange(path.device());
    try {
      Directories.make(docroot.reach(path));
      directoryChanged(path);
      return Made.DONE;
    } catch (FileAlreadyExistsException e) {
      return Made.EXISTS;
    } catch (NoSuchFileException e) {
      return Made.NO_PARENT;
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** Removes what earlier processes left unfinished on a device, and checks what they marked. */
  public void cleanUp(DeviceId device) {
    temps.clean(device);
    directories.forget(docroot.device(device));
    trust().checkIfMarked(device);
  }

  /**
   * Tries out a device whose syncs cannot be believed; see {@link SyncTrust#check}. After that
   * every directory is synced anew before a file in it is acknowledged.
   */
  public void check(DeviceId device) throws DiskException {
    directories.forget(docroot.device(device));
    trust().check(device);
  }

  void makeDurable(DeviceId device, FileChannel channel) throws IOException {
    directories.makeDurable(device, channel);
  }

  void directoryChanged(BlobPath path) throws IOException {
    directories.syncIfFull(path.device(), docroot.directory(path));
  }

  /** Writes to parts of files, and what must not meet them. */
  public PartialWrites partialWrites() {
    return partialWrites;
  }
}
