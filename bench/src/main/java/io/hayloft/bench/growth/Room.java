package io.hayloft.bench.growth;

import java.util.Locale;
import java.util.Optional;

/**
 * The room on the disk that a database with so many files needs: looked for before anything is
 * begun, since a database with a full disk does not end well.
 */
final class Room {

  /** More than a file was ever seen to take, with pages that are split and half empty. */
  private static final long BYTES_OF_A_FILE = 450;

  /** Logs, the system's tables, what is stored on the way. */
  private static final long BESIDE = 2L << 30;

  private Room() {}

  static long needed(long files) {
    return files * BYTES_OF_A_FILE + BESIDE;
  }

  /**
   * What is missing.
   *
   * @param free what may be taken
   * @param leave what is to stay free for others
   */
  static Optional<String> missing(long files, long free, long leave, String place) {
    long lacking = needed(files) + leave - free;
    if (lacking <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d files need %s of disk and %s are to stay free, but %s has %s: %s are missing",
            files,
            gigabytes(needed(files)),
            gigabytes(leave),
            place,
            gigabytes(free),
            gigabytes(lacking)));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
