package io.hayloft.node.http;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;

/** The checksum of a whole file as RFC 9530 has it, told to those who ask for it. */
final class ReprDigest {

  private static final String WANTED = "Want-Repr-Digest";
  private static final String TOLD = "Repr-Digest";
  private static final String ALGORITHM = "crc32c";

  private ReprDigest() {}

  static boolean isWanted(HttpFields request) {
    var wanted = request.get(WANTED);
    return wanted != null && wanted.contains(ALGORITHM);
  }

  static void tell(HttpFields.Mutable response, int crc) {
    var bytes = ByteBuffer.allocate(Integer.BYTES).putInt(crc).array();
    response.put(TOLD, ALGORITHM + "=:" + Base64.getEncoder().encodeToString(bytes) + ":");
  }
}
