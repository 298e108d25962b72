package io.hayloft.cli.demo;

import java.nio.ByteBuffer;

/** A SHA-256 in the least memory, for there may be very many. */
record Digest(long a, long b, long c, long d) {

  static Digest of(byte[] sha256) {
    var buffer = ByteBuffer.wrap(sha256);
    return new Digest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }
}
