package io.hayloft.client;

import java.util.Optional;

/**
 * What a class of files shall be.
 *
 * @param mindevcount how many devices shall have a copy
 * @param replpolicy how the copies are spread; empty for the tracker's own way, or to leave it as
 *     it is
 * @param hashtype the digest to keep: {@code MD5}, {@code SHA-1}, {@code NONE}; empty for none, or
 *     to leave it as it is
 */
public record ClassDefinition(
    String name, int mindevcount, Optional<String> replpolicy, Optional<String> hashtype) {

  public static ClassDefinition of(String name, int mindevcount) {
    return new ClassDefinition(name, mindevcount, Optional.empty(), Optional.empty());
  }

  public ClassDefinition replpolicy(String policy) {
    return new ClassDefinition(name, mindevcount, Optional.of(policy), hashtype);
  }

  public ClassDefinition hashtype(String type) {
    return new ClassDefinition(name, mindevcount, replpolicy, Optional.of(type));
  }
}
