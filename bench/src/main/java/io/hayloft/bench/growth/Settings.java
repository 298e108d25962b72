package io.hayloft.bench.growth;

import java.util.List;

/**
 * How much is measured, at each number of files.
 *
 * @param files how many there are to be, fewest first
 * @param runs how often each is measured
 * @param seconds that a measurement takes
 * @param warmUp seconds of load before everything that do not count, at least
 * @param pools how large the memory of the database is, one after the other: {@code 512M}
 */
record Settings(
    List<Long> files, List<String> pools, int runs, int seconds, int warmUp, Clients clients) {

  /** How many there are of both kinds. */
  record Clients(int readers, int writers) {

    Clients {
      if (readers < 1 || writers < 1) {
        throw new IllegalArgumentException("nobody to do anything");
      }
    }
  }

  /** In bytes. */
  static long bytes(String pool) {
    long number = Long.parseLong(pool.substring(0, pool.length() - 1));
    return number << (pool.endsWith("G") ? 30 : 20);
  }

  /** As many as {@code list_keys} answers at most. */
  static final int KEYS_OF_A_PAGE = 1000;

  /** A tracker notes every quarter of a minute how full devices are; reads go between. */
  private static final int LONGEST = 7;

  Settings {
    files = List.copyOf(files);
    pools = List.copyOf(pools);
    if (pools.isEmpty() || !pools.stream().allMatch(pool -> pool.matches("[1-9][0-9]{0,5}[MG]"))) {
      throw new IllegalArgumentException("memory is given as 512M or 2G");
    }
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
    if (runs < 1 || seconds < 1 || warmUp < 0) {
      throw new IllegalArgumentException("too little to measure anything");
    }
  }
}
