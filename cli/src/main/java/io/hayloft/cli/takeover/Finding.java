package io.hayloft.cli.takeover;

import java.util.Locale;

/**
 * One thing that was found.
 *
 * @param where a table, a column, a setting, a host, a line of a file
 * @param found one sentence for whoever runs the installation
 * @param advice what to do about it; empty when there is nothing to do
 */
public record Finding(Verdict verdict, String where, String found, String advice) {

  /** What a finding means, the gravest first. */
  public enum Verdict {
    /** Nothing can be taken over before this is mended. */
    BLOCKS,
    /** A person should look at it, before or after. */
    LOOK,
    /** Works, and not as before. */
    DIFFERS,
    /** Stays as it is. */
    ADOPTED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding blocks(String where, String found, String advice) {
    return new Finding(Verdict.BLOCKS, where, found, advice);
  }

  static Finding look(String where, String found, String advice) {
    return new Finding(Verdict.LOOK, where, found, advice);
  }

  static Finding differs(String where, String found) {
    return new Finding(Verdict.DIFFERS, where, found, "");
  }

  static Finding adopted(String where, String found) {
    return new Finding(Verdict.ADOPTED, where, found, "");
  }
}
