package io.hayloft.node.blob;

import io.hayloft.node.kernel.FileStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The checksum of a file on a filesystem without extended attributes: a small file beside it, which
 * no protocol reaches, with the checksum and the inode, length and time of modification of the file
 * that it is of. What does not fit the file to the last digit counts as none.
 *
 * <p>So it needs no sync and no order, and whoever moves, replaces or removes a file need not think
 * of it: an old note fits no other file, a torn one none, and one that is lost is only not there.
 */
final class CrcNote {

  private static final String PREFIX = BlobPath.RESERVED + "-crc.";

  private CrcNote() {}

  private static Path beside(Path file) {
    return Docroot.above(file).resolve(PREFIX + file.getFileName());
  }

  static OptionalInt of(Path file) throws IOException {
    var note = read(file);
    return note.isEmpty() ? OptionalInt.empty() : fitting(note.get(), marks(file));
  }

  /** The same for a file that was looked at already. */
  static OptionalInt of(Path file, FileStatus status) throws IOException {
    var note = read(file);
    return note.isEmpty() ? OptionalInt.empty() : fitting(note.get(), marks(status));
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(beside(file), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static OptionalInt fitting(String note, String marks) {
    int blank = note.indexOf(' ');
    return blank > 0 && note.substring(blank).equals(marks)
        ? StoredCrc.parse(Optional.of(note.substring(0, blank)))
        : OptionalInt.empty();
  }

  private static String marks(Path file) throws IOException {
    var attributes = BlobStore.attributes(file);
    var inode = (Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    return marks(inode, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  private static String marks(FileStatus status) {
    return marks(
        status.inode(),
        status.size(),
        TimeUnit.SECONDS.toNanos(status.modifiedSeconds()) + status.modifiedNanos());
  }

  private static String marks(long inode, long size, long modifiedNanos) {
    return " " + inode + " " + size + " " + modifiedNanos + "\n";
  }

  /** The note of a file that has its content, but perhaps not its name yet. */
  static String about(Path file, int crc) throws IOException {
    return text(crc, marks(file));
  }

  static void keep(Path file, FileStatus status, int crc) throws IOException {
    keep(file, text(crc, marks(status)));
  }

  /** Keeps a note beside a name, whatever has that by now. */
  static void keep(Path file, String note) throws IOException {
    Files.writeString(beside(file), note, StandardCharsets.ISO_8859_1);
  }

  private static String text(int crc, String marks) {
    return HexFormat.of().toHexDigits(crc) + marks;
  }

  /** So that nothing is left of files that are gone. */
  static void drop(Path file) throws IOException {
    Files.deleteIfExists(beside(file));
  }
}
