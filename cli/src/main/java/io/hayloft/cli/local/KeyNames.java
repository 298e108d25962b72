package io.hayloft.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key of a file: its path below the directory, with slashes. A path that is too long for a key,
 * or whose bytes are no text, keeps its end and gets a digest of the whole in front, so that two
 * files never share a key.
 */
public final class KeyNames {

  static final int LONGEST = 255;
  private static final int DIGEST_CHARS = 16;

  private final Path root;

  public KeyNames(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public String keyOf(Path file) {
    var path = root.relativize(file.toAbsolutePath().normalize());
    var key = path.toString().replace(path.getFileSystem().getSeparator(), "/");
    boolean isText = key.indexOf('\uFFFD') < 0 && UTF_8.newEncoder().canEncode(key);
    if (isText && key.getBytes(UTF_8).length <= LONGEST) {
      return key;
    }
    var mark = "~" + digest(file) + "~";
    return mark + end(key, LONGEST - mark.length());
  }

  /** As much of the end as fits, without half a character. */
  private static String end(String text, int bytes) {
    int from = text.length();
    int used = 0;
    while (from > 0) {
      int c = text.codePointBefore(from);
      int size = Character.toString(c).getBytes(UTF_8).length;
      if (used + size > bytes) {
        break;
      }
      used += size;
      from -= Character.charCount(c);
    }
    return text.substring(from);
  }

  /** Of the bytes of the path as the system has them, which its URI spells out. */
  private static String digest(Path file) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var bytes = sha.digest(file.toUri().getRawPath().getBytes(UTF_8));
      return HexFormat.of().formatHex(bytes).substring(0, DIGEST_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
