package io.hayloft.tracker.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a file or directory is in a tree of names: {@code /2026/berlin/one.jpg}. Names are 1 to
 * {@value #MAX_NAME} bytes, one per char, without {@code /}; {@code .} and {@code ..} mean nothing
 * special.
 *
 * @param names from the top down; none for the root
 */
public record FilePath(List<String> names) {

  /** The width of the column. */
  public static final int MAX_NAME = 255;

  /** Deeper trees would make a single look-up too long. */
  public static final int MAX_DEPTH = 32;

  public static final FilePath ROOT = new FilePath(List.of());

  public FilePath {
    names = List.copyOf(names);
    if (names.size() > MAX_DEPTH || !names.stream().allMatch(FilePath::isName)) {
      throw new IllegalArgumentException("not a path: " + names);
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.length() <= MAX_NAME && name.indexOf('/') < 0;
  }

  /** A file's path: absolute, and not ending in a slash. */
  public static Optional<FilePath> ofFile(String text) {
    return parse(text).filter(path -> !path.names().isEmpty() && !text.endsWith("/"));
  }

  /** A directory's path: absolute, with or without a slash at its end. */
  public static Optional<FilePath> ofDirectory(String text) {
    return parse(text);
  }

  private static Optional<FilePath> parse(String text) {
    if (!text.startsWith("/")) {
      return Optional.empty();
    }
    var inner =
        text.substring(
            1, text.length() > 1 && text.endsWith("/") ? text.length() - 1 : text.length());
    var names = inner.isEmpty() ? List.<String>of() : Arrays.asList(inner.split("/", -1));
    return names.size() <= MAX_DEPTH && names.stream().allMatch(FilePath::isName)
        ? Optional.of(new FilePath(names))
        : Optional.empty();
  }

  /** The directory that it is in; the root is in itself. */
  public FilePath parent() {
    return names.isEmpty() ? this : new FilePath(names.subList(0, names.size() - 1));
  }

  /** The last name; empty for the root. */
  public String name() {
    return names.isEmpty() ? "" : names.getLast();
  }

  /** Whether it is below another one, or that one itself. */
  public boolean isWithin(FilePath other) {
    return names.size() >= other.names().size()
        && names.subList(0, other.names().size()).equals(other.names());
  }

  @Override
  public String toString() {
    return "/" + String.join("/", names);
  }
}
