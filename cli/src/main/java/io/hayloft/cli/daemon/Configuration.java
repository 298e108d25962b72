package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigKey;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The configuration of a daemon on the command line: an option for each of its keys, a file, and no
 * file at all.
 *
 * @param <T> the configuration
 */
final class Configuration<T extends Record> {

  /** Variables of this command, which mean nothing to the daemon; another daemon's begin alike. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "HAYLOFT_TRACKERS",
          "HAYLOFT_DOMAIN",
          "HAYLOFT_CLASS",
          "HAYLOFT_TIMEOUT",
          "HAYLOFT_LOG",
          "HAYLOFT_JAVA_OPTS",
          "HAYLOFT_BUILD",
          "HAYLOFT_JDK_DIRS",
          "HAYLOFT_SETUP_",
          "HAYLOFT_TEST_");

  private static final String CONFIG = "--config";
  private static final String NO_CONFIG = "--skip-config";

  private final Daemon<T> daemon;
  private final Set<String> otherDaemons;
  private final ConfigReader<T> reader;

  /**
   * @param otherDaemons variables of daemons that may share an environment with this one
   */
  Configuration(Daemon<T> daemon, Set<String> otherDaemons) {
    this.daemon = daemon;
    this.otherDaemons = Set.copyOf(otherDaemons);
    this.reader = ConfigReader.of(daemon.configuration());
  }

  void addOptions(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-c", CONFIG)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "YAML, or the original's file. Without it the first of these that exists: "
                    + String.join(", ", daemon.usualFiles().stream().map(Path::toString).toList())
                    + ".")
            .build());
    spec.addOption(
        OptionSpec.builder("-s", NO_CONFIG, "--skipconfig").description("Read no file.").build());
    reader.keys().forEach(key -> spec.addOption(option(key)));
  }

  private static OptionSpec option(ConfigKey key) {
    boolean isFlag = key.type().equals("yes or no");
    var builder =
        OptionSpec.builder(key.flag())
            .type(String.class)
            .paramLabel("<" + key.type() + ">")
            .arity(isFlag ? "0..1" : "1")
            .description(escape(description(key)));
    return (isFlag ? builder.fallbackValue("yes") : builder).build();
  }

  private static String description(ConfigKey key) {
    if (key.required()) {
      return key.doc() + " Must be given.";
    }
    return key.byDefault().isEmpty() ? key.doc() : key.doc() + " Default: " + key.byDefault() + ".";
  }

  /** The library takes descriptions for format strings with markup. */
  private static String escape(String text) {
    return text.replace("%", "%%").replace("@|", "@ |").replace("${", "$ {");
  }

  /**
   * @throws io.hayloft.runtime.config.ConfigException with everything that is wrong
   */
  T read(Surroundings surroundings, ParseResult parsed) {
    var flags = new HashMap<String, String>();
    for (var key : reader.keys()) {
      if (parsed.hasMatchedOption(key.flag())) {
        flags.put(key.flag(), parsed.matchedOptionValue(key.flag(), ""));
      }
    }
    return read(surroundings, file(parsed), flags);
  }

  T read(Surroundings surroundings, Optional<Path> file, Map<String, String> flags) {
    return read(surroundings, file, Map.of(), flags);
  }

  /** As the original's daemon is configured: options by the keys of its file. */
  T readOriginal(
      Surroundings surroundings, Optional<Path> file, Map<String, String> originalOptions) {
    return read(surroundings, file, originalOptions, Map.of());
  }

  private T read(
      Surroundings surroundings,
      Optional<Path> file,
      Map<String, String> originalOptions,
      Map<String, String> flags) {
    var known = new HashSet<>(OF_OTHERS);
    known.addAll(otherDaemons);
    return reader.read(
        ConfigSources.builder()
            .file(file)
            .original(daemon.original())
            .originalOptions(originalOptions)
            .environment(daemon.translated(surroundings.environment()))
            .flags(flags)
            .knownElsewhere(known)
            .build());
  }

  private Optional<Path> file(ParseResult parsed) {
    Path named = parsed.matchedOptionValue(CONFIG, Path.of(""));
    if (!named.toString().isEmpty()) {
      return Optional.of(named);
    }
    return parsed.hasMatchedOption(NO_CONFIG) ? Optional.empty() : usual(daemon.usualFiles());
  }

  static Optional<Path> usual(List<Path> files) {
    return files.stream().filter(Files::isReadable).findFirst();
  }
}
