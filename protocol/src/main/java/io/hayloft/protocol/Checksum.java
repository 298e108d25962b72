package io.hayloft.protocol;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A digest and how it was made: {@code MD5:5d41402abc4b2a76b9719d911017c592}.
 *
 * @param hex lower case, as long as the algorithm says
 */
public record Checksum(HashAlgorithm algorithm, String hex) {

  public Checksum {
    if (!hex.matches("[0-9a-f]+") || hex.length() != 2 * algorithm.length()) {
      throw new IllegalArgumentException("not a digest of " + algorithm.wire() + ": " + hex);
    }
  }

  public static Checksum of(HashAlgorithm algorithm, byte[] digest) {
    return new Checksum(algorithm, HexFormat.of().formatHex(digest));
  }

  /**
   * Reads {@code ALGORITHM:hex}, hex in any case; empty when it is not a known one of full length.
   */
  public static Optional<Checksum> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("[0-9a-fA-F]+")) {
      return Optional.empty();
    }
    var hex = text.substring(colon + 1).toLowerCase(java.util.Locale.ROOT);
    return HashAlgorithm.named(text.substring(0, colon))
        .filter(algorithm -> hex.length() == 2 * algorithm.length())
        .map(algorithm -> new Checksum(algorithm, hex));
  }

  public byte[] digest() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return algorithm.wire() + ":" + hex;
  }
}
