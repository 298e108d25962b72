package io.hayloft.runtime.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a configuration comes from. A flag wins over the environment, which wins over the file.
 *
 * @param file YAML, JSON, or the original's format where {@code original} says how to read it
 * @param original how a file of the original daemon is read; empty to take only YAML and JSON
 * @param originalOptions options of the original daemon's command line by the keys that its file
 *     has for them; they win over the environment
 * @param environment as of the process; only names that begin with {@code HAYLOFT_} are looked at,
 *     and a variable that is set to nothing counts as not set, since that is how container tools
 *     pass on what nobody gave
 * @param flags a dotted key or a flag ({@code --node-timeout}) with its text
 * @param knownElsewhere environment variables of others, not to be reported as unknown; one that
 *     ends in an underscore stands for all that begin so
 */
public record ConfigSources(
    Optional<Path> file,
    Optional<OriginalConfig> original,
    Map<String, String> originalOptions,
    Map<String, String> environment,
    Map<String, String> flags,
    Set<String> knownElsewhere) {

  public ConfigSources {
    originalOptions = Map.copyOf(originalOptions);
    if (!originalOptions.isEmpty() && original.isEmpty()) {
      throw new IllegalArgumentException("options of the original, and nothing that reads them");
    }
    environment = Map.copyOf(environment);
    flags = Map.copyOf(flags);
    knownElsewhere = Set.copyOf(knownElsewhere);
  }

  /** No source: the defaults. */
  public static ConfigSources none() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  boolean isKnownElsewhere(String name) {
    return knownElsewhere.stream()
        .anyMatch(known -> known.endsWith("_") ? name.startsWith(known) : name.equals(known));
  }

  /** Collects sources; what is not named is empty. */
  public static final class Builder {

    private Optional<Path> file = Optional.empty();
    private Optional<OriginalConfig> original = Optional.empty();
    private Map<String, String> originalOptions = Map.of();
    private Map<String, String> environment = Map.of();
    private final Map<String, String> flags = new HashMap<>();
    private Set<String> knownElsewhere = Set.of();

    private Builder() {}

    public Builder file(Path path) {
      return file(Optional.of(path));
    }

    public Builder file(Optional<Path> path) {
      file = path;
      return this;
    }

    public Builder original(OriginalConfig how) {
      original = Optional.of(how);
      return this;
    }

    public Builder originalOptions(Map<String, String> options) {
      originalOptions = options;
      return this;
    }

    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    public Builder flag(String name, String text) {
      flags.put(name, text);
      return this;
    }

    public Builder flags(Map<String, String> all) {
      flags.putAll(all);
      return this;
    }

    public Builder knownElsewhere(Set<String> names) {
      knownElsewhere = names;
      return this;
    }

    public ConfigSources build() {
      return new ConfigSources(file, original, originalOptions, environment, flags, knownElsewhere);
    }
  }
}
