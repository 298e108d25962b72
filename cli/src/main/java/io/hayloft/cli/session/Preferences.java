package io.hayloft.cli.session;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has set once and for all: the environment, then the configuration files of the
 * original's tools, {@code ~/.mogilefs.conf} before {@code /etc/mogilefs/mogilefs.conf}, with lines
 * {@code key = value}. Keys that other tools use are left alone.
 *
 * @param values by the original's words: trackers, domain, class
 */
record Preferences(Map<String, String> values) {

  private static final Path SYSTEM_FILE = Path.of("/etc/mogilefs/mogilefs.conf");
  private static final List<String> NAMES = List.of("trackers", "domain", "class", "timeout");

  Preferences {
    values = Map.copyOf(values);
  }

  /**
   * @param named a file to read instead of the usual ones
   */
  static Preferences read(Surroundings surroundings, Optional<Path> named) {
    var values = new LinkedHashMap<String, String>();
    var file = named.or(() -> surroundings.variable("MOGUTILSCONF").map(Path::of));
    if (file.isPresent()) {
      if (!Files.isReadable(file.get())) {
        throw new Refusal(ExitCode.USAGE, "cannot read " + file.get() + ": name another --config");
      }
      values.putAll(parse(file.get()));
    } else {
      for (var usual : List.of(SYSTEM_FILE, surroundings.home().resolve(".mogilefs.conf"))) {
        if (Files.isReadable(usual)) {
          values.putAll(parse(usual));
        }
      }
    }
    for (var name : NAMES) {
      surroundings
          .variable("HAYLOFT_" + name.toUpperCase(Locale.ROOT))
          .ifPresent(value -> values.put(name, value));
    }
    values.keySet().retainAll(NAMES);
    return new Preferences(values);
  }

  private static Map<String, String> parse(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new Refusal(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static Map<String, String> parse(String text) {
    var values = new LinkedHashMap<String, String>();
    for (var line : text.lines().toList()) {
      var words = line.strip();
      int equals = words.indexOf('=');
      if (!words.startsWith("#") && equals > 0) {
        values.put(words.substring(0, equals).strip(), words.substring(equals + 1).strip());
      }
    }
    return values;
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }
}
