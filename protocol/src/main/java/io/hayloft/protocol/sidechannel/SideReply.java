package io.hayloft.protocol.sidechannel;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import java.util.Optional;

/** The lines with which the side channel answers, without their line ends (CR LF). */
public final class SideReply {

  /** Stands for a length or digest that there is none of, because there is no such file. */
  private static final String NONE = "-1";

  private SideReply() {}

  /**
   * @param bytes -1 when there is no such file
   */
  public static String size(String uri, long bytes) {
    return uri + " " + bytes;
  }

  /**
   * @param digest empty when the file cannot be opened
   */
  public static String digest(String uri, HashAlgorithm algorithm, Optional<Checksum> digest) {
    return uri + " " + algorithm.wire() + "=" + digest.map(Checksum::hex).orElse(NONE);
  }

  /** The file was opened, but a read failed on the way. */
  public static String readFailed(String uri, long offset) {
    return "ERR read " + uri + " at " + offset + " failed";
  }

  public static String noUtilization() {
    return "ERR iostat unavailable";
  }

  public static String climbingUri() {
    return "ERROR: uri invalid (contains ..)";
  }

  public static String unknown(String word) {
    return "ERROR: unknown command: " + word;
  }

  public static String lineTooLong() {
    return "ERROR: line too long";
  }

  /** How a digest was answered, read by the one who asked. */
  public sealed interface DigestAnswer {

    record Digest(Checksum checksum) implements DigestAnswer {}

    /** There is no such file, or it cannot be opened. */
    record NoFile() implements DigestAnswer {}

    /** Anything else: a read error, or a server that does not know the request. */
    record Failed(String line) implements DigestAnswer {}
  }

  /** Reads the answer to a request for that digest; the line comes without its line end. */
  public static DigestAnswer parseDigest(String line, String uri, HashAlgorithm algorithm) {
    var start = uri + " " + algorithm.wire() + "=";
    if (!line.startsWith(start)) {
      return new DigestAnswer.Failed(line);
    }
    var value = line.substring(start.length()).trim();
    if (value.equals(NONE)) {
      return new DigestAnswer.NoFile();
    }
    return Checksum.parse(algorithm.wire() + ":" + value)
        .<DigestAnswer>map(DigestAnswer.Digest::new)
        .orElseGet(() -> new DigestAnswer.Failed(line));
  }
}
