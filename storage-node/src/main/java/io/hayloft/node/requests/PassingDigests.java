package io.hayloft.node.requests;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Digests of bytes that pass by, all in one pass. Used by one thread at a time. */
public final class PassingDigests {

  private final @Nullable CRC32C crc;
  private final Map<DigestName, MessageDigest> running = new EnumMap<>(DigestName.class);

  public PassingDigests(Set<DigestName> names) {
    crc = names.contains(DigestName.CRC32C) ? new CRC32C() : null;
    for (var name : names) {
      if (name != DigestName.CRC32C) {
        running.put(name, digest(name));
      }
    }
  }

  private static MessageDigest digest(DigestName name) {
    try {
      return MessageDigest.getInstance(name.wire());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name.wire(), e);
    }
  }

  public void update(byte[] bytes, int length) {
    update(ByteBuffer.wrap(bytes, 0, length));
  }

  /** Takes the bytes that remain in the buffer, whose position stays. */
  public void update(ByteBuffer bytes) {
    if (crc != null) {
      crc.update(bytes.duplicate());
    }
    running.values().forEach(digest -> digest.update(bytes.duplicate()));
  }

  /** The digests of all that passed, in lower-case hex digits. To be called once. */
  public Map<DigestName, String> finish() {
    var finished = new EnumMap<DigestName, String>(DigestName.class);
    if (crc != null) {
      finished.put(DigestName.CRC32C, HexFormat.of().toHexDigits((int) crc.getValue()));
    }
    running.forEach(
        (name, digest) -> finished.put(name, HexFormat.of().formatHex(digest.digest())));
    return finished;
  }
}
