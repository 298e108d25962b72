package io.hayloft.node.http;

import io.hayloft.node.blob.OpenBlob;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.OptionalInt;
import org.eclipse.jetty.http.HttpFields;

/** The checksum of a whole file as RFC 9530 has it. */
final class ReprDigest {

  private static final String WANTED = "Want-Repr-Digest";
  private static final String TOLD = "Repr-Digest";
  private static final String ALGORITHM = "crc32c";

  private ReprDigest() {}

  static boolean isWanted(HttpFields request) {
    var wanted = request.get(WANTED);
    return wanted != null && wanted.contains(ALGORITHM);
  }

  /** Tells what is known from opening the file, unless something is told already. */
  static void tell(HttpFields.Mutable response, OpenBlob blob) {
    var crc = blob.crc32c();
    if (crc.isPresent() && !response.contains(TOLD)) {
      tell(response, crc.getAsInt());
    }
  }

  static void tell(HttpFields.Mutable response, int crc) {
    response.put(TOLD, value(crc));
  }

  private static String value(int crc) {
    var bytes = ByteBuffer.allocate(Integer.BYTES).putInt(crc).array();
    return ALGORITHM + "=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  /** The header's line, or nothing where no checksum is known. */
  static String line(OptionalInt crc) {
    return crc.isPresent() ? line(crc.getAsInt()) : "";
  }

  static String line(int crc) {
    return TOLD + ": " + value(crc) + "\r\n";
  }
}
