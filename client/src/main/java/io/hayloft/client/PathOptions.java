package io.hayloft.client;

/**
 * Which addresses of a file to ask for.
 *
 * @param verified whether the tracker shall make sure that the first one answers; slower, because
 *     it asks the storage node
 * @param count the most to name, at least 2
 */
public record PathOptions(boolean verified, int count) {

  public static final PathOptions DEFAULT = new PathOptions(false, 2);

  public PathOptions {
    if (count < 2 || count > 1000) {
      throw new IllegalArgumentException("2 to 1000 paths, not " + count);
    }
  }
}
