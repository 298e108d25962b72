package io.hayloft.node.blob;

import io.hayloft.node.kernel.ExtendedAttribute;
import io.hayloft.node.kernel.ExtendedAttribute.Kept;
import io.hayloft.node.kernel.FileStatus;
import io.hayloft.node.kernel.NoWaitFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CRC-32C (RFC 3720) of a file's content as it was when it was stored, kept with the file as
 * the extended attribute {@value #NAME}, eight hex digits.
 *
 * <p>An attribute follows its file through every rename and goes when another file takes its place,
 * so no bookkeeping can get out of step; whoever changes a file in place must {@link #drop} it
 * first. Where a filesystem has no attributes a {@link CrcNote} beside the file has it. Where there
 * is no room for either, a file has no stored CRC: that is always allowed, a wrong one never is.
 */
public final class StoredCrc {

  public static final String NAME = "user.hayloft.crc32c";

  private static final Logger log = LoggerFactory.getLogger(StoredCrc.class);
  private static final ExtendedAttribute ATTRIBUTE = new ExtendedAttribute(NAME);
  private static final int DIGITS = 8;

  private StoredCrc() {}

  /** What is kept with a file; empty also when that cannot be read. */
  static OptionalInt of(Path file) {
    try {
      var kept = ATTRIBUTE.get(file);
      return kept.isEmpty() && ATTRIBUTE.isUnsupported(file) ? CrcNote.of(file) : parse(kept);
    } catch (IOException unreadable) {
      log.debug("the checksum of {} cannot be read: {}", file, unreadable.toString());
      return OptionalInt.empty();
    }
  }

  /** What is kept with an open file as its attribute; empty also when that cannot be read. */
  static OptionalInt of(NoWaitFile file) {
    try {
      return parse(file.attribute(ATTRIBUTE));
    } catch (IOException unreadable) {
      log.debug("a checksum cannot be read: {}", unreadable.toString());
      return OptionalInt.empty();
    }
  }

  /** What is noted beside a file that has no attribute; empty also when that cannot be read. */
  public static OptionalInt noted(Path file, FileStatus status) {
    try {
      return CrcNote.of(file, status);
    } catch (IOException unreadable) {
      log.debug("the checksum of {} cannot be read: {}", file, unreadable.toString());
      return OptionalInt.empty();
    }
  }

  /** Notes it beside a file that can have no attribute. */
  public static void note(Path file, FileStatus status, int crc) throws IOException {
    CrcNote.keep(file, status, crc);
  }

  /** Reads an attribute's value; what is not eight hex digits is not ours and counts as none. */
  public static OptionalInt parse(Optional<String> value) {
    if (value.isEmpty() || value.get().length() != DIGITS) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(HexFormat.fromHexDigits(value.get()));
    } catch (IllegalArgumentException notHex) {
      return OptionalInt.empty();
    }
  }

  /** The text that is kept, and that stands in lists. */
  public static String text(int crc) {
    return HexFormat.of().toHexDigits(crc);
  }

  /**
   * Keeps it if that is possible; a file without is as good, only checked later.
   *
   * @return false when the filesystem has no attributes: then it can be noted once the file has its
   *     name
   */
  static boolean keep(Path file, int crc) {
    try {
      return ATTRIBUTE.set(file, text(crc)) == Kept.YES;
    } catch (IOException e) {
      log.debug("{} is stored without its checksum: {}", file, e.toString());
      return true;
    }
  }

  /**
   * What can be noted beside a file once it has its name; made before that, since another file may
   * have the name soon after.
   */
  static Optional<String> noteAbout(Path file, int crc) {
    try {
      return Optional.of(CrcNote.about(file, crc));
    } catch (IOException e) {
      log.debug("{} is stored without its checksum: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Notes it beside a file that has its name. */
  static void note(Path file, String note) {
    try {
      CrcNote.keep(file, note);
    } catch (IOException e) {
      log.debug("{} is stored without its checksum: {}", file, e.toString());
    }
  }

  /** Tidies up after a file that has not that name any more. */
  static void forget(Path file) {
    try {
      CrcNote.drop(file);
    } catch (IOException e) {
      log.debug("the note beside {} is left: {}", file, e.toString());
    }
  }

  /** To be called before the content changes: from then on the file has none. */
  static void drop(Path file) throws IOException {
    ATTRIBUTE.remove(file);
    CrcNote.drop(file);
  }
}
