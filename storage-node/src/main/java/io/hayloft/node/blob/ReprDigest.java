package io.hayloft.node.blob;

import java.nio.ByteBuffer;
import java.util.Base64;

/** The value of the header {@code Repr-Digest} (RFC 9530): a checksum of the whole file. */
public final class ReprDigest {

  private ReprDigest() {}

  public static String ofCrc32c(int crc) {
    var bytes = ByteBuffer.allocate(Integer.BYTES).putInt(crc).array();
    return "crc32c=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }
}
