package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.tracker.TrackerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database; what is not given here comes from where the tracker has it. */
final class DatabaseOptions {

  private static final String GROUP = "database.";

  @Option(names = "--url", paramLabel = "URL", description = "As in jdbc:mysql://db1/mogilefs.")
  private @Nullable String url;

  @Option(names = "--user", paramLabel = "USER", description = "The account.")
  private @Nullable String user;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      description = "Better: $HAYLOFT_DATABASE_PASSWORD.")
  private @Nullable String password;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The tracker's file, which names the database.")
  private @Nullable Path config;

  private final TrackerDaemon daemon = new TrackerDaemon();

  /** The tracker's file: the named one, or a usual one where no database is named. */
  Optional<Path> file() {
    return Optional.ofNullable(config)
        .or(() -> url == null ? Configuration.usual(daemon.usualFiles()) : Optional.empty());
  }

  TrackerConfig.Database read(Surroundings surroundings) {
    return read(surroundings, file(), Map.of());
  }

  /**
   * @param fromFile values of a file that was read otherwise; variables and options win over them
   */
  TrackerConfig.Database read(Surroundings surroundings, Map<String, String> fromFile) {
    return read(surroundings, Optional.empty(), fromFile);
  }

  /** Whether anything says where the database is. */
  boolean isNamed(Surroundings surroundings, Map<String, String> fromFile) {
    return url != null
        || fromFile.containsKey(GROUP + "url")
        || surroundings.variable(variable(GROUP + "url")).isPresent();
  }

  private TrackerConfig.Database read(
      Surroundings surroundings, Optional<Path> file, Map<String, String> fromFile) {
    var flags = new HashMap<String, String>();
    fromFile.forEach(
        (key, value) -> {
          if (key.startsWith(GROUP) && surroundings.variable(variable(key)).isEmpty()) {
            flags.put(key, value);
          }
        });
    put(flags, "url", url);
    put(flags, "user", user);
    put(flags, "password", password);
    return new Configuration<>(daemon, Set.of("HAYLOFT_"))
        .read(surroundings, file, flags)
        .database();
  }

  private static String variable(String key) {
    return "HAYLOFT_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(GROUP + key, value);
    }
  }
}
