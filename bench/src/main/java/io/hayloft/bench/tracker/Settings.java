package io.hayloft.bench.tracker;

import java.util.List;

/**
 * How much is measured.
 *
 * @param runs how often each is measured
 * @param seconds that a measurement takes
 * @param warmUp seconds of load before each operation that do not count, at least
 * @param connections over which requests are sent
 * @param files that are there to be asked for
 */
record Settings(int runs, int seconds, int warmUp, List<Integer> connections, int files) {

  Settings {
    connections = List.copyOf(connections);
    if (runs < 1 || seconds < 1 || warmUp < 0) {
      throw new IllegalArgumentException("too little to measure anything");
    }
    if (connections.isEmpty() || connections.stream().anyMatch(each -> each < 1)) {
      throw new IllegalArgumentException("no connections to ask over");
    }
    if (files <= KEYS_OF_A_PAGE) {
      throw new IllegalArgumentException("more than " + KEYS_OF_A_PAGE + " files are needed");
    }
  }

  /** As many as {@code list_keys} answers at most. */
  static final int KEYS_OF_A_PAGE = 1000;
}
