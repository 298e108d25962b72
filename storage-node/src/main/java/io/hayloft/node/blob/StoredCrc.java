package io.hayloft.node.blob;

import io.hayloft.node.kernel.ExtendedAttribute;
import io.hayloft.node.kernel.ExtendedAttribute.Kept;
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
 * first. Where a filesystem has no attributes, or no room for one, a file has no stored CRC: that
 * is always allowed, a wrong one never is.
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
      return parse(ATTRIBUTE.get(file));
    } catch (IOException unreadable) {
      log.debug("the checksum of {} cannot be read: {}", file, unreadable.toString());
      return OptionalInt.empty();
    }
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

  /** Keeps it if that is possible; a file without is as good, only checked later. */
  static void keep(Path file, int crc) {
    try {
      if (ATTRIBUTE.set(file, text(crc)) == Kept.UNSUPPORTED) {
        log.trace("{}: no attributes here", file);
      }
    } catch (IOException e) {
      log.debug("{} is stored without its checksum: {}", file, e.toString());
    }
  }

  /** To be called before the content changes: from then on the file has none. */
  static void drop(Path file) throws IOException {
    ATTRIBUTE.remove(file);
  }
}
