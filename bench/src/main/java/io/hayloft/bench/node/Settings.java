package io.hayloft.bench.node;

import java.util.List;

/**
 * How much is measured.
 *
 * @param runs how often each server is measured, one after the other
 * @param seconds that a measurement takes
 * @param warmUp seconds of load before those that count: a JVM that runs for weeks has nothing left
 *     to compile
 * @param connections over which requests are sent
 * @param populations how many files the curve is measured with
 * @param daemonFlags of Hayloft's JVM beyond those that it is shipped with
 */
record Settings(
    int runs,
    int seconds,
    int warmUp,
    List<Integer> connections,
    List<Integer> populations,
    List<String> daemonFlags) {

  Settings {
    connections = List.copyOf(connections);
    populations = populations.stream().sorted().toList();
    daemonFlags = List.copyOf(daemonFlags);
    if (runs < 1 || seconds < 1 || warmUp < 0) {
      throw new IllegalArgumentException("too little to measure anything");
    }
    if (connections.isEmpty() || connections.stream().anyMatch(each -> each < 1)) {
      throw new IllegalArgumentException("no connections to ask over");
    }
    if (populations.isEmpty() || populations.getFirst() < 1) {
      throw new IllegalArgumentException("a population of no files");
    }
  }
}
