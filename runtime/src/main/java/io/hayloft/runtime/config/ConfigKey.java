package io.hayloft.runtime.config;

import java.util.Locale;

/**
 * One key of a configuration, as the documentation and the command line show it.
 *
 * @param name the dotted key in a file: {@code placement.min_free_space_mb}
 * @param type what may be written, in words: {@code duration}, {@code list of address}
 * @param byDefault the value where none is given, written as in a file; empty for none
 * @param doc one sentence for the person who sets it
 */
public record ConfigKey(
    String name, String type, String byDefault, String doc, boolean secret, boolean required) {

  static final String ENVIRONMENT_PREFIX = "HAYLOFT_";

  /** The environment variable that sets it: {@code HAYLOFT_PLACEMENT_MIN_FREE_SPACE_MB}. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + plain(name).toUpperCase(Locale.ROOT);
  }

  /** The flag that sets it: {@code --placement-min-free-space-mb}. */
  public String flag() {
    return "--" + plain(name).replace('_', '-');
  }

  /**
   * What a dotted key, a flag and an environment name have in common: words joined by underscores.
   */
  static String plain(String name) {
    return (name.startsWith("--") ? name.substring(2) : name).replace('.', '_').replace('-', '_');
  }

  /** {@code minFreeSpaceMb} as {@code min_free_space_mb}. */
  static String snake(String component) {
    return component.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
