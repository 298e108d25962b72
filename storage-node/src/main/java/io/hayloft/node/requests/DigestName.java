package io.hayloft.node.requests;

import java.util.Arrays;
import java.util.Optional;

/** The digests that native requests know. */
public enum DigestName {
  CRC32C("CRC32C", 4),
  MD5("MD5", 16),
  SHA_1("SHA-1", 20),
  SHA_256("SHA-256", 32);

  private final String wire;
  private final int bytes;

  DigestName(String wire, int bytes) {
    this.wire = wire;
    this.bytes = bytes;
  }

  /** The name on the wire. */
  public String wire() {
    return wire;
  }

  /** How many digits a digest has. */
  int hexLength() {
    return 2 * bytes;
  }

  public static Optional<DigestName> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire.equals(wire)).findFirst();
  }
}
