package io.hayloft.protocol.sidechannel;

import io.hayloft.protocol.HashAlgorithm;
import java.time.Duration;
import java.util.Optional;

/**
 * A line that a client sends to the side channel. The words are case-sensitive, but for {@code
 * watch}; a URI is a path as in {@code /dev3/0/000/000/0000000017.fid}.
 */
public sealed interface SideRequest {

  /** How long {@code shutdown graceful} waits if it does not say. */
  Duration USUAL_GRACE = Duration.ofSeconds(60);

  /** Asks for a file's length. */
  record Size(String uri) implements SideRequest {}

  /**
   * Asks for a digest of a file.
   *
   * @param lowPriority at most one such request reads a disk at a time
   */
  record Digest(HashAlgorithm algorithm, String uri, boolean lowPriority) implements SideRequest {}

  /** Asks for the utilization of the disks, every second until the connection is closed. */
  record Watch() implements SideRequest {}

  /**
   * Ends the daemon.
   *
   * @param grace how long requests under way may take to end; zero to break them off
   */
  record Shutdown(Duration grace) implements SideRequest {}

  /** An empty line, which is answered by one. */
  record Nothing() implements SideRequest {}

  /** A file is asked for whose URI has a {@code ..} in it. */
  record ClimbingUri() implements SideRequest {}

  /** Nothing that is understood. */
  record Unknown(String word) implements SideRequest {}

  /**
   * @param line without its line end
   */
  static SideRequest parse(String line) {
    var words = line.trim().split("\\s+", -1);
    var uri = words.length > 1 ? Optional.of(words[1]) : Optional.<String>empty();
    var algorithm = HashAlgorithm.named(words[0]);
    if (uri.isPresent() && (algorithm.isPresent() || words[0].equals("size"))) {
      return aboutFile(algorithm, uri.get(), words);
    }
    if (words[0].equalsIgnoreCase("watch")) {
      return new Watch();
    }
    if (words[0].equals("shutdown")) {
      return new Shutdown(grace(words));
    }
    return words[0].isEmpty() ? new Nothing() : new Unknown(words[0]);
  }

  private static SideRequest aboutFile(
      Optional<HashAlgorithm> algorithm, String uri, String[] words) {
    if (uri.contains("..")) {
      return new ClimbingUri();
    }
    if (algorithm.isEmpty()) {
      return new Size(uri);
    }
    return new Digest(algorithm.get(), uri, words.length > 2 && words[2].equals("fsck"));
  }

  private static Duration grace(String[] words) {
    if (words.length < 2 || !words[1].equals("graceful")) {
      return Duration.ZERO;
    }
    return words.length > 2 && words[2].matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Long.parseLong(words[2]))
        : USUAL_GRACE;
  }
}
