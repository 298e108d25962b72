package io.hayloft.node.blob;

import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.DeviceId;

/**
 * The place of a file within a device, as in {@code /dev3/0/000/000/0000000017.fid}; also of things
 * that are not replicas, as {@code /dev3/usage}.
 *
 * <p>It has one spelling: it begins with the device's directory, and no name in it is empty, {@code
 * .}, {@code ..} or reserved, nor is the first {@code quarantine}. So it cannot lead out of the
 * device, whoever made it.
 */
public record BlobPath(DeviceId device, String text) {

  /** Names that begin so are the node's own and not to be had through any protocol. */
  static final String RESERVED = ".hayloft";

  public BlobPath {
    requireNonNull(device, "device");
    var top = "/" + device.directory() + "/";
    if (!text.startsWith(top) || !isPlain(text) || isQuarantined(text.substring(top.length()))) {
      throw new IllegalArgumentException("not a path within " + device.directory() + ": " + text);
    }
  }

  /** The path of something directly within the device. */
  public static BlobPath of(DeviceId device, String name) {
    return new BlobPath(device, "/" + device.directory() + "/" + name);
  }

  /** What was taken out of the way is not to be had by accident, nor to be put there. */
  private static boolean isQuarantined(String below) {
    return below.startsWith(Quarantine.DIRECTORY)
        && (below.length() == Quarantine.DIRECTORY.length()
            || below.charAt(Quarantine.DIRECTORY.length()) == '/');
  }

  private static boolean isPlain(String text) {
    int from = 1;
    while (from <= text.length()) {
      int slash = text.indexOf('/', from);
      int to = slash < 0 ? text.length() : slash;
      if (!isPlainName(text, from, to)) {
        return false;
      }
      from = to + 1;
    }
    return true;
  }

  private static boolean isPlainName(String text, int from, int to) {
    if (from == to || text.startsWith(RESERVED, from)) {
      return false;
    }
    boolean dots = text.charAt(from) == '.' && (to - from == 1 || text.startsWith("..", from));
    if (dots && to - from <= 2) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 127) {
        return false;
      }
    }
    return true;
  }

  /** Whether the file lies directly in the device's directory. */
  public boolean isTopLevel() {
    return text.indexOf('/', 1) == text.lastIndexOf('/');
  }

  @Override
  public String toString() {
    return text;
  }
}
