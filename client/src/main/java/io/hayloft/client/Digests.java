package io.hayloft.client;

import io.hayloft.protocol.HashAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The JDK's digests by the protocol's names. */
final class Digests {

  private Digests() {}

  static MessageDigest of(HashAlgorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.wire());
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform has to have MD5 and SHA-1.
      throw new IllegalStateException(e);
    }
  }
}
