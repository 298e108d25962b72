package io.hayloft.tracker.node.http;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Digests of bytes that pass by, of as many algorithms as are wanted. */
final class Digesting {

  private final Map<HashAlgorithm, MessageDigest> running = new EnumMap<>(HashAlgorithm.class);

  Digesting(Set<HashAlgorithm> algorithms) {
    algorithms.forEach(algorithm -> running.put(algorithm, digest(algorithm)));
  }

  void update(byte[] bytes, int length) {
    running.values().forEach(digest -> digest.update(bytes, 0, length));
  }

  /** The digests of all that passed. To be called once. */
  Map<HashAlgorithm, Checksum> finish() {
    var finished = new EnumMap<HashAlgorithm, Checksum>(HashAlgorithm.class);
    running.forEach((algorithm, d) -> finished.put(algorithm, Checksum.of(algorithm, d.digest())));
    return finished;
  }

  private static MessageDigest digest(HashAlgorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.wire());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm.wire(), e);
    }
  }
}
