package io.hayloft.client;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a class of files shall be.
 *
 * @param mindevcount how many devices shall have a copy
 * @param replpolicy how the copies are spread; empty for the tracker's own way, or to leave it as
 *     it is
 * @param hashtype the digest to keep: {@code MD5}, {@code SHA-1}, {@code NONE}; empty for none, or
 *     to leave it as it is
 * @param mincopies how many durable copies there must be before a close is answered, 1 to 255;
 *     empty for one, or to leave it as it is
 */
public record ClassDefinition(
    String name,
    int mindevcount,
    Optional<String> replpolicy,
    Optional<String> hashtype,
    OptionalInt mincopies) {

  public static ClassDefinition of(String name, int mindevcount) {
    return new ClassDefinition(
        name, mindevcount, Optional.empty(), Optional.empty(), OptionalInt.empty());
  }

  public ClassDefinition replpolicy(String policy) {
    return new ClassDefinition(name, mindevcount, Optional.of(policy), hashtype, mincopies);
  }

  public ClassDefinition hashtype(String type) {
    return new ClassDefinition(name, mindevcount, replpolicy, Optional.of(type), mincopies);
  }

  public ClassDefinition mincopies(int copies) {
    return new ClassDefinition(name, mindevcount, replpolicy, hashtype, OptionalInt.of(copies));
  }
}
