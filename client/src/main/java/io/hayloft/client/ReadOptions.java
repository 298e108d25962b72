package io.hayloft.client;

import static java.util.Objects.requireNonNull;

/**
 * How a file is read.
 *
 * @param checksumVerified whether the bytes are compared with the checksum the trackers keep, where
 *     they keep one
 * @param progress is told how far the reading has come
 */
public record ReadOptions(boolean checksumVerified, Progress progress) {

  public static final ReadOptions DEFAULT = new ReadOptions(true, Progress.NONE);

  public ReadOptions {
    requireNonNull(progress, "progress");
  }

  public ReadOptions checksumVerified(boolean verified) {
    return new ReadOptions(verified, progress);
  }

  public ReadOptions progress(Progress listener) {
    return new ReadOptions(checksumVerified, listener);
  }
}
