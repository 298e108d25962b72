package io.hayloft.runtime.config;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration of a component into its record, whose components carry {@link Setting} or
 * are records of their own (groups). An unknown key is refused with the nearest known one, and all
 * problems are reported at once.
 *
 * <p>Only the value that wins is read: a wrong one in the file does not stop somebody who overrides
 * it with a flag.
 */
public final class ConfigReader<T extends Record> {

  private final Class<T> type;
  private final Shape shape;
  private final Map<String, ConfigKey> byPlainName = new LinkedHashMap<>();

  private ConfigReader(Class<T> type) {
    this.type = type;
    this.shape = Shape.of(type, "");
    for (var leaf : shape.leaves()) {
      var key = leaf.key();
      var twin = byPlainName.put(ConfigKey.plain(key.name()), key);
      if (twin != null) {
        throw new IllegalStateException(
            twin.name() + " and " + key.name() + " share " + key.environmentName());
      }
    }
  }

  /**
   * @throws IllegalStateException when the record cannot be a configuration: a component without a
   *     {@code Setting}, an unfit type, a default that cannot be read
   */
  public static <T extends Record> ConfigReader<T> of(Class<T> type) {
    return new ConfigReader<>(type);
  }

  /** All keys in the order of the record, for the documentation and the command line. */
  public List<ConfigKey> keys() {
    return List.copyOf(byPlainName.values());
  }

  /** The environment variables that are looked at, for a component that shares an environment. */
  public Set<String> environmentNames() {
    return byPlainName.values().stream()
        .map(ConfigKey::environmentName)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @throws ConfigException with everything that is wrong
   */
  public T read(ConfigSources sources) {
    var problems = new Problems();
    var given = new HashMap<String, Given>();
    fromFile(sources, given, problems);
    fromEnvironment(sources, given, problems);
    given.putAll(ConfigFile.readOptions(sources, problems));
    fromFlags(sources, given, problems);
    var record = shape.build(given, problems);
    problems.throwIfAny();
    if (record == null) {
      throw new IllegalStateException("no configuration, and nothing that is wrong with it");
    }
    return type.cast(record);
  }

  private void fromFile(ConfigSources sources, Map<String, Given> given, Problems problems) {
    if (sources.file().isEmpty()) {
      return;
    }
    var names = keys().stream().map(ConfigKey::name).toList();
    ConfigFile.read(sources.file().get(), sources.original(), problems)
        .forEach(
            (name, value) -> {
              if (names.contains(name)) {
                given.put(name, value);
              } else {
                problems.add(Code.UNKNOWN_KEY, value.source(), unknown(name, names));
              }
            });
  }

  private static String unknown(String name, List<String> names) {
    if (names.stream().anyMatch(known -> known.startsWith(name + "."))) {
      return "is a group of settings, not a setting";
    }
    return "is not a setting" + Nearest.hint(name, names);
  }

  private void fromEnvironment(ConfigSources sources, Map<String, Given> given, Problems problems) {
    new TreeMap<>(sources.environment())
        .forEach(
            (name, text) -> {
              if (!name.startsWith(ConfigKey.ENVIRONMENT_PREFIX) || text.isEmpty()) {
                return;
              }
              var key = byEnvironmentName(name);
              if (key == null && !sources.isKnownElsewhere(name)) {
                problems.add(
                    Code.UNKNOWN_KEY,
                    name,
                    "sets nothing" + Nearest.hint(name, environmentNames()));
              } else if (key != null) {
                given.put(key.name(), new Given.One(name, text));
              }
            });
  }

  private @Nullable ConfigKey byEnvironmentName(String name) {
    var plain = name.substring(ConfigKey.ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
    var key = byPlainName.get(plain);
    return key != null && key.environmentName().equals(name) ? key : null;
  }

  private void fromFlags(ConfigSources sources, Map<String, Given> given, Problems problems) {
    var seen = new HashMap<String, String>();
    new TreeMap<>(sources.flags())
        .forEach(
            (name, text) -> {
              var key = byPlainName.get(ConfigKey.plain(name));
              if (key == null) {
                var flags = keys().stream().map(ConfigKey::flag).toList();
                var flag = "--" + ConfigKey.plain(name).replace('_', '-');
                problems.add(
                    Code.UNKNOWN_KEY, flag, "is not an option" + Nearest.hint(flag, flags));
                return;
              }
              if (seen.put(key.name(), name) != null) {
                problems.add(Code.GIVEN_TWICE, key.flag(), "is given twice");
              }
              given.put(key.name(), new Given.One(key.flag(), text));
            });
  }
}
