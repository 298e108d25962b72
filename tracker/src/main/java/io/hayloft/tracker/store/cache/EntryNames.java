package io.hayloft.tracker.store.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.StoredFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What entries are called: {@code mogfid:<dmid>:<key>} and {@code mogdevids:<fid>}, as in the
 * original. Bytes that a name on a server must not have are escaped, and a key that would become
 * too long is replaced by its digest.
 */
final class EntryNames {

  /** A server takes 250, and there is a prefix. */
  private static final int LONGEST = 200;

  private EntryNames() {}

  static String fidOf(StoredFile.Name name) {
    var key = escaped(name.key().wire());
    var shown = key.length() <= LONGEST ? key : "#" + digest(name.key().wire());
    return "mogfid:" + name.domain() + ":" + shown;
  }

  static String devicesOf(Fid fid) {
    return "mogdevids:" + fid;
  }

  /** A number sign is escaped, so that no key looks like a digest. */
  private static String escaped(String wire) {
    var text = new StringBuilder(wire.length());
    for (int i = 0; i < wire.length(); i++) {
      char c = wire.charAt(i);
      if (c > ' ' && c < 0x7f && c != '%' && c != '#') {
        text.append(c);
      } else {
        text.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return text.toString();
  }

  static String digest(String wire) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(wire.getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
