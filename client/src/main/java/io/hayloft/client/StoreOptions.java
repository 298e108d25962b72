package io.hayloft.client;

import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.HashAlgorithm;
import java.util.Optional;

/**
 * How a file is stored.
 *
 * @param fileClass the class that says how many copies are kept where; empty for the client's own,
 *     {@code default} for the domain's
 * @param checksum the digest to make while sending and to give to the tracker, which keeps it if
 *     the class asks for the same kind
 * @param checksumVerified whether the tracker shall read the file back and compare before it
 *     answers
 * @param mincopies how many copies must be durable before the call returns; 1 leaves it to the
 *     class. A MogileFS tracker does not know this and answers after the first copy
 * @param progress is told how far the sending has come
 */
public record StoreOptions(
    Optional<String> fileClass,
    Optional<HashAlgorithm> checksum,
    boolean checksumVerified,
    int mincopies,
    Progress progress) {

  public static final StoreOptions DEFAULT =
      new StoreOptions(Optional.empty(), Optional.empty(), false, 1, Progress.NONE);

  public StoreOptions {
    requireNonNull(progress, "progress");
    if (mincopies < 1 || mincopies > 255) {
      throw new IllegalArgumentException("1 to 255 copies, not " + mincopies);
    }
    if (checksumVerified && checksum.isEmpty()) {
      throw new IllegalArgumentException("to verify a checksum, say which: checksum(MD5)");
    }
  }

  public StoreOptions fileClass(String name) {
    return new StoreOptions(Optional.of(name), checksum, checksumVerified, mincopies, progress);
  }

  /** Sends a digest along. */
  public StoreOptions checksum(HashAlgorithm algorithm) {
    return new StoreOptions(
        fileClass, Optional.of(algorithm), checksumVerified, mincopies, progress);
  }

  /** Sends a digest along and has the tracker compare it with what the node wrote. */
  public StoreOptions checksumVerified(HashAlgorithm algorithm) {
    return new StoreOptions(fileClass, Optional.of(algorithm), true, mincopies, progress);
  }

  public StoreOptions mincopies(int copies) {
    return new StoreOptions(fileClass, checksum, checksumVerified, copies, progress);
  }

  public StoreOptions progress(Progress listener) {
    return new StoreOptions(fileClass, checksum, checksumVerified, mincopies, listener);
  }
}
