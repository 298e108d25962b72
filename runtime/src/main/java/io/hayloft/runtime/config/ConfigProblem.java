package io.hayloft.runtime.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param source where it stands: a file with line and key, an environment variable or a flag
 * @param sentence what is wrong; never shows the value of a secret
 */
public record ConfigProblem(Code code, String source, String sentence) {

  /** The kinds of problem. */
  public enum Code {
    /** The file is missing, not readable or not of its format. */
    UNREADABLE,
    UNKNOWN_KEY,
    BAD_VALUE,
    OUT_OF_RANGE,
    MISSING,
    GIVEN_TWICE,
    /** Values that are each right but do not go together. */
    CONTRADICTION
  }

  @Override
  public String toString() {
    return source + ": " + sentence;
  }
}
