package io.hayloft.tracker.model;

import io.hayloft.protocol.Arguments;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The settings kept in the database, which hold for all trackers, by name. */
public record ServerSettings(Map<String, String> values) {

  private static final int MOST_DIGITS = 18;

  public ServerSettings {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public boolean flag(String name) {
    return Arguments.isTrue(values.getOrDefault(name, ""));
  }

  /**
   * Whether the installation began with us, so that what is good for everybody is on from the
   * start. One that was taken over keeps doing what it did until its operators say otherwise.
   */
  public boolean isNewInstallation() {
    return values.getOrDefault("hayloft_installation", "").equals("new");
  }

  /** The number of a setting, or the default where it is not set or not a number. */
  public long number(String name, long byDefault) {
    var text = values.getOrDefault(name, "");
    return isNumber(text) ? Long.parseLong(text) : byDefault;
  }

  /** Asked for each request, where a regular expression costs more than the rest. */
  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MOST_DIGITS;
  }
}
