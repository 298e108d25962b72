package io.hayloft.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a file's bytes live on a storage node: {@code /dev3/0/000/000/0000000017.fid}.
 *
 * <p>The directories are the first seven digits of the fid, padded to ten; an eleven-digit fid
 * still uses its first seven. Clients and other trackers compare this text byte for byte, so it has
 * exactly one spelling.
 */
public record ReplicaPath(DeviceId device, Fid fid) {

  private static final Pattern SPELLING =
      Pattern.compile("/dev([1-9][0-9]{0,7})/[0-9]/[0-9]{3}/[0-9]{3}/([0-9]{10,19})\\.fid");

  public ReplicaPath {
    requireNonNull(device, "device");
    requireNonNull(fid, "fid");
  }

  /** Reads the path part of a URL; empty when it is not the one spelling of any replica. */
  public static Optional<ReplicaPath> parse(String path) {
    var matcher = SPELLING.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var read =
          new ReplicaPath(
              new DeviceId(Integer.parseInt(matcher.group(1))),
              new Fid(Long.parseLong(matcher.group(2))));
      return read.toString().equals(path) ? Optional.of(read) : Optional.empty();
    } catch (IllegalArgumentException outOfRange) {
      return Optional.empty();
    }
  }

  /**
   * The three directories that lead to the file, outermost first, each with its trailing slash, for
   * servers that must be told to make them.
   */
  public List<String> directories() {
    var digits = fid.padded();
    var first = "/" + device.directory() + "/" + digits.charAt(0) + "/";
    var second = first + digits.substring(1, 4) + "/";
    return List.of(first, second, second + digits.substring(4, 7) + "/");
  }

  @Override
  public String toString() {
    var digits = fid.padded();
    return new StringBuilder(48)
        .append("/dev")
        .append(device.value())
        .append('/')
        .append(digits.charAt(0))
        .append('/')
        .append(digits, 1, 4)
        .append('/')
        .append(digits, 4, 7)
        .append('/')
        .append(digits)
        .append(".fid")
        .toString();
  }
}
