package io.hayloft.bench.growth;

import java.util.List;

/**
 * How much is measured, at each number of files.
 *
 * @param files how many there are to be, fewest first
 * @param runs how often each is measured
 * @param seconds that a measurement takes
 * @param warmUp seconds of load before everything that do not count, at least
 * @param readers clients that read
 * @param writers clients that store
 */
record Settings(
    List<Long> files, int runs, int seconds, int warmUp, int readers, int writers) {

  /** As many as {@code list_keys} answers at most. */
  static final int KEYS_OF_A_PAGE = 1000;

  /** A tracker notes every quarter of a minute how full devices are; reads go between. */
  private static final int LONGEST = 7;

  Settings {
    files = List.copyOf(files);
    if (files.isEmpty() || !files.stream().sorted().distinct().toList().equals(files)) {
      throw new IllegalArgumentException("numbers of files grow, and there is one at least");
    }
    if (files.getFirst() <= 2 * KEYS_OF_A_PAGE || files.getLast() > Crowd.STORED) {
      throw new IllegalArgumentException(
          "more than %d files are needed, and no more than %,d can be"
              .formatted(2 * KEYS_OF_A_PAGE, Crowd.STORED));
    }
    if (seconds > LONGEST) {
      throw new IllegalArgumentException("measurements take %d seconds at most".formatted(LONGEST));
    }
    if (runs < 1 || seconds < 1 || warmUp < 0 || readers < 1 || writers < 1) {
      throw new IllegalArgumentException("too little to measure anything");
    }
  }
}
