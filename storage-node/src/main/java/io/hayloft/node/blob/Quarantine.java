package io.hayloft.node.blob;

import io.hayloft.node.kernel.DirectoryNames;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Files that are out of the way but not deleted: in the directory {@value #DIRECTORY} of their
 * device, which no request for a file reaches. What each was, when it came there and why stands in
 * its name, {@code FID.WHEN.WHY.INODE}, so that one rename is all and nothing can get lost; the
 * inode makes names of files that come in the same second differ.
 *
 * <p>The methods may wait for a disk.
 */
public final class Quarantine {

  public static final String DIRECTORY = "quarantine";

  private static final Pattern NAME =
      Pattern.compile("(\\d{10,19})\\.(\\d{1,12})\\.([a-z0-9-]{1,32})\\.([0-9a-f]{1,16})");
  private static final Pattern REASON = Pattern.compile("[a-z0-9-]{1,32}");

  private final Docroot docroot;
  private final DeviceIdentities identities;
  private final Directories directories;
  private final OpenBlobs openBlobs;
  private final Time time;

  Quarantine(
      Docroot docroot,
      DeviceIdentities identities,
      Directories directories,
      OpenBlobs openBlobs,
      Time time) {
    this.docroot = docroot;
    this.identities = identities;
    this.directories = directories;
    this.openBlobs = openBlobs;
    this.time = time;
  }

  /** How taking a file away or putting it back ended. */
  public enum Outcome {
    DONE,
    MISSING,
    /** There is another file by now. */
    EXISTS
  }

  /**
   * A file in quarantine.
   *
   * @param length in bytes
   * @param since Unix time
   */
  public record Kept(long fid, long length, long since, String why) {}

  /** A name in the directory and what it says. */
  private record Name(String text, long fid, long since, String why) {

    static Optional<Name> parse(String text) {
      var parts = NAME.matcher(text);
      if (!parts.matches()) {
        return Optional.empty();
      }
      var fid = FidName.parse(parts.group(1) + FidName.ENDING);
      return fid.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Name(text, fid.getAsLong(), Long.parseLong(parts.group(2)), parts.group(3)));
    }
  }

  /** Whether a word can say why; one that cannot is refused before anything is done. */
  public static boolean isReason(String word) {
    return REASON.matcher(word).matches();
  }

  /**
   * Takes a replica out of the way; durable when it returns.
   *
   * @throws IllegalArgumentException when it is not the path of a replica
   */
  public Outcome take(BlobPath path, String why) throws DiskException {
    try {
      return take(path, why, Optional.empty());
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** The same if it is still that very file; it may have been replaced by a good one. */
  public Outcome takeIfStill(BlobPath path, long inode, String why) throws DiskException {
    try {
      return take(path, why, Optional.of(inode));
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  private Outcome take(BlobPath path, String why, Optional<Long> expected) throws IOException {
    var fid = FidName.parse(path);
    if (fid.isEmpty() || !isReason(why)) {
      throw new IllegalArgumentException("not to be quarantined: " + path + " " + why);
    }
    identities.admit(path.device());
    directories.admit(path.device());
    long inode;
    try {
      var source = docroot.reach(path);
      if (!isFile(source)) {
        return Outcome.MISSING;
      }
      inode = inode(source);
      if (expected.isPresent() && expected.get() != inode) {
        return Outcome.MISSING;
      }
      var target = prepare(path.device()).resolve(name(fid.getAsLong(), why, inode));
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
      openBlobs.changed(path);
      if (expected.isPresent() && inode(target) != inode) {
        // Somebody put another file there in this moment.
        Files.move(target, source, StandardCopyOption.ATOMIC_MOVE);
        openBlobs.changed(path);
        return Outcome.MISSING;
      }
      syncOrPutBack(path, source, target);
      StoredCrc.forget(source);
      return Outcome.DONE;
    } catch (NoSuchFileException e) {
      return Outcome.MISSING;
    }
  }

  /** What is not durably out of the way is where it was. */
  private void syncOrPutBack(BlobPath path, Path source, Path target) throws IOException {
    try {
      directories.syncIfFull(path.device(), Docroot.above(target));
      directories.syncIfFull(path.device(), docroot.directory(path));
    } catch (IOException e) {
      try {
        // As a second name, which is only given where none is.
        Files.createLink(source, target);
        Files.delete(target);
        openBlobs.changed(path);
      } catch (IOException worse) {
        e.addSuppressed(worse);
      }
      throw e;
    }
  }

  private String name(long fid, String why, long inode) {
    var stored = FidName.of(fid);
    return stored.substring(0, stored.length() - FidName.ENDING.length())
        + "."
        + time.epochSecond()
        + "."
        + why
        + "."
        + Long.toHexString(inode);
  }

  private static boolean isFile(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isRegularFile();
  }

  private static long inode(Path file) throws IOException {
    return (Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private Path directory(DeviceId device) {
    return docroot.device(device).resolve(DIRECTORY);
  }

  /** The directory, whose own entry is durable before anything is moved into it. */
  private Path prepare(DeviceId device) throws IOException {
    var directory = directory(device);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      directories.forget(directory);
    }
    directories.prepare(device, directory);
    return directory;
  }

  /** Tells each file in a device's quarantine, in no order. */
  public void forEach(DeviceId device, Consumer<Kept> each) throws DiskException {
    try {
      identities.admit(device);
      new DirectoryNames()
          .forEach(
              directory(device),
              text ->
                  Name.parse(text)
                      .ifPresent(
                          name ->
                              each.accept(
                                  new Kept(
                                      name.fid(),
                                      length(directory(device).resolve(text)),
                                      name.since(),
                                      name.why()))));
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** Zero when it has gone meanwhile. */
  private static long length(Path file) {
    return file.toFile().length();
  }

  /** Of each of these fids the name under which it came into quarantine last, if it did. */
  public Map<Long, String> latest(DeviceId device, Set<Long> fids) throws DiskException {
    var latest = new HashMap<Long, Name>();
    try {
      identities.admit(device);
      new DirectoryNames()
          .forEach(
              directory(device),
              text ->
                  Name.parse(text)
                      .filter(name -> fids.contains(name.fid()))
                      .ifPresent(
                          name ->
                              latest.merge(
                                  name.fid(), name, (a, b) -> a.since() > b.since() ? a : b)));
    } catch (IOException e) {
      throw DiskException.of(e);
    }
    var names = new HashMap<Long, String>();
    latest.forEach((fid, name) -> names.put(fid, name.text()));
    return names;
  }

  /** Puts a file back where it was, unless another is there; durable when it returns. */
  public Outcome restore(BlobPath path, String name) throws DiskException {
    try {
      identities.admit(path.device());
      directories.admit(path.device());
      var kept = directory(path.device()).resolve(name);
      directories.prepareParent(path);
      // A rename would replace what is there; a second name is only given where none is.
      Files.createLink(docroot.reach(path), kept);
      openBlobs.changed(path);
      directories.syncIfFull(path.device(), docroot.directory(path));
      Files.delete(kept);
      directories.syncIfFull(path.device(), Docroot.above(kept));
      return Outcome.DONE;
    } catch (FileAlreadyExistsException e) {
      return Outcome.EXISTS;
    } catch (NoSuchFileException e) {
      return Outcome.MISSING;
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /**
   * Deletes what came into quarantine before that time.
   *
   * @param before Unix time
   * @param most how many to delete at most
   * @return how many were deleted
   */
  public int deleteOld(DeviceId device, long before, int most) throws DiskException {
    var old = new java.util.ArrayList<Path>();
    try {
      identities.admit(device);
      new DirectoryNames()
          .forEach(
              directory(device),
              text -> {
                if (old.size() < most
                    && Name.parse(text).filter(name -> name.since() < before).isPresent()) {
                  old.add(directory(device).resolve(text));
                }
              });
      for (var file : old) {
        Files.deleteIfExists(file);
      }
      return old.size();
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }
}
