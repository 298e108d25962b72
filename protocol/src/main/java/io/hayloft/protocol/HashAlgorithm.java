package io.hayloft.protocol;

import java.util.Arrays;
import java.util.Optional;

/** A digest that a class of files may keep, with the number it has in the database. */
public enum HashAlgorithm {
  MD5("MD5", 1, 16),
  SHA_1("SHA-1", 2, 20);

  private final String wire;
  private final int number;
  private final int bytes;

  HashAlgorithm(String wire, int number, int bytes) {
    this.wire = wire;
    this.number = number;
    this.bytes = bytes;
  }

  /** The name on the wire, which is also the one Java's digests go by. Case matters. */
  public String wire() {
    return wire;
  }

  /** The value in the columns {@code hashtype}. */
  public int number() {
    return number;
  }

  /** The length of a digest, in bytes. */
  public int length() {
    return bytes;
  }

  public static Optional<HashAlgorithm> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire.equals(wire)).findFirst();
  }

  public static Optional<HashAlgorithm> numbered(int number) {
    return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
  }
}
