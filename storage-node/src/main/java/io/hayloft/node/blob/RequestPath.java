package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import java.util.Optional;

/**
 * What the path of a request means. Reading is lenient: escapes are decoded and empty names
 * ignored, because old tools write {@code //dev5/usage}. Writing is strict: a path is taken letter
 * by letter and only of letters, digits, {@code _}, {@code -} and {@code .}, so that what is stored
 * under a path can always be read under it.
 */
public sealed interface RequestPath {

  /** A place within a device, be there something or not. */
  record InDevice(BlobPath path) implements RequestPath {}

  /** A device's own directory. */
  record DeviceRoot(DeviceId device) implements RequestPath {}

  /** The document root. */
  record Root() implements RequestPath {}

  /** Well formed, but in no place where files are kept. */
  record Nowhere() implements RequestPath {}

  /** It has two dots in a row, which no path has that was written through this node. */
  record Climbing() implements RequestPath {}

  /** It cannot be a path; says why, for the client. */
  record Malformed(String reason) implements RequestPath {}

  static RequestPath forReading(String raw) {
    if (raw.contains("..")) {
      return new Climbing();
    }
    if (isStrict(raw)) {
      return locate(raw);
    }
    var decoded = decode(raw);
    if (decoded.isEmpty()) {
      return new Malformed("The path has a malformed escape.");
    }
    return decoded.get().contains("..") ? new Climbing() : tidy(decoded.get());
  }

  /** Also for making directories, when the caller has taken the last slash off. */
  static RequestPath forWriting(String raw) {
    if (raw.contains("..")) {
      return new Climbing();
    }
    if (!isStrict(raw)) {
      return new Malformed("A path is made of names of letters, digits, '_', '-' and '.'.");
    }
    var located = locate(raw);
    return raw.indexOf('/', 1) < 0
        ? new Malformed("A file needs a directory: /devN/name.")
        : located;
  }

  private static boolean isStrict(String raw) {
    if (raw.length() < 2 || raw.charAt(0) != '/') {
      return false;
    }
    char before = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '/' ? before == '/' : !isNameCharacter(c)) {
        return false;
      }
      before = c;
    }
    return before != '/' && !raw.contains("/./") && !raw.endsWith("/.");
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.';
  }

  private static RequestPath tidy(String decoded) {
    var path = new StringBuilder(decoded.length());
    for (var name : decoded.split("/")) {
      if (!name.isEmpty() && !name.equals(".")) {
        path.append('/').append(name);
      }
    }
    return path.isEmpty() ? new Root() : locate(path.toString());
  }

  private static RequestPath locate(String tidied) {
    int slash = tidied.indexOf('/', 1);
    var device = device(slash < 0 ? tidied.substring(1) : tidied.substring(1, slash));
    if (device.isEmpty()) {
      return new Nowhere();
    }
    if (slash < 0) {
      return new DeviceRoot(device.get());
    }
    try {
      return new InDevice(new BlobPath(device.get(), tidied));
    } catch (IllegalArgumentException reservedOrControl) {
      return new Nowhere();
    }
  }

  /** Reads a directory's name; empty when it is not the one spelling of a device's. */
  static Optional<DeviceId> device(String directory) {
    int digits = directory.length() - 3;
    if (!directory.startsWith("dev") || digits < 1 || digits > 8 || directory.charAt(3) == '0') {
      return Optional.empty();
    }
    int number = 0;
    for (int i = 3; i < directory.length(); i++) {
      char c = directory.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      number = number * 10 + (c - '0');
    }
    return number <= DeviceId.MAX ? Optional.of(new DeviceId(number)) : Optional.empty();
  }

  private static Optional<String> decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return Optional.of(raw);
    }
    var bytes = new java.io.ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int high = i + 2 < raw.length() ? hexDigit(raw.charAt(i + 1)) : -1;
        int low = i + 2 < raw.length() ? hexDigit(raw.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return Optional.of(bytes.toString(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
