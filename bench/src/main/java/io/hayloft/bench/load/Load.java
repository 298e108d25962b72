package io.hayloft.bench.load;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What is asked of a server, over and over.
 *
 * @param connections each of which always has one request under way
 * @param arguments of the script
 */
public record Load(InetSocketAddress server, int connections, int seconds, List<String> arguments) {

  public Load {
    arguments = List.copyOf(arguments);
    if (connections < 1 || seconds < 1) {
      throw new IllegalArgumentException("too little to measure anything");
    }
  }

  /**
   * Reads files at random.
   *
   * @param seed of chance, so that all servers are asked for the same
   */
  public static List<String> reading(Span files, long seed) {
    return List.of(
        "read", Long.toString(files.first()), Integer.toString(files.count()), seed + "");
  }

  /**
   * Writes one file after the other, and again from the first.
   *
   * @param begin with which of them, from 0
   */
  public static List<String> writing(Span files, Path body, long begin) {
    return List.of(
        "write",
        Long.toString(files.first()),
        Integer.toString(files.count()),
        body.toString(),
        Long.toString(begin % files.count()));
  }
}
