package io.hayloft.tracker.model;

import io.hayloft.protocol.HashAlgorithm;
import java.util.Optional;

/**
 * How the files of a domain that belong to it are kept.
 *
 * @param name as on the wire
 * @param policy as an operator wrote it; empty means the default one
 * @param hash the digest kept of every file, if any
 */
public record FileClass(
    ClassId id,
    String name,
    int mindevcount,
    Optional<String> policy,
    Optional<HashAlgorithm> hash) {

  public static final String DEFAULT_NAME = "default";
  public static final String DEFAULT_POLICY = "MultipleHosts()";

  /** The default class of a domain that has no row for it. */
  public static FileClass implicitDefault(int mindevcount) {
    return new FileClass(
        ClassId.DEFAULT, DEFAULT_NAME, mindevcount, Optional.empty(), Optional.empty());
  }

  public String policyText() {
    return policy.filter(text -> !text.isEmpty()).orElse(DEFAULT_POLICY);
  }
}
