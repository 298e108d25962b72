package io.hayloft.runtime.config;

import java.util.List;
import java.util.Map;

/**
 * A configuration file of the original, line by line, with what becomes of it here.
 *
 * @param values our dotted keys with their texts, from the lines that could be used; they may be
 *     secrets
 */
public record OriginalFile(String name, List<Line> lines, Map<String, String> values) {

  /** What becomes of a line. */
  public enum Fate {
    /** It is used; the sentence names our keys. */
    ADOPTED,
    /** It has no effect; the sentence says why. */
    IGNORED,
    /** Its key is none of the original's. */
    UNKNOWN,
    /** Its value makes no sense here; the sentence says why. */
    WRONG,
    /** It is not of the form. */
    UNREADABLE
  }

  /**
   * A line that says something.
   *
   * @param key empty where it is not of the form
   * @param sentence about the line, never with the value of a secret
   */
  public record Line(int number, String key, Fate fate, String sentence) {}

  public OriginalFile {
    lines = List.copyOf(lines);
    values = Map.copyOf(values);
  }
}
