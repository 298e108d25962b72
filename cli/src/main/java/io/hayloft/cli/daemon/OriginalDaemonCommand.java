package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * A daemon under the name and with the options of the original's, so that scripts which start that
 * one start this one. Going into the background ({@code --daemonize}) is done by the launcher: a
 * Java process cannot leave its parent.
 *
 * @param <T> the daemon's configuration
 */
final class OriginalDaemonCommand<T extends Record> implements Callable<Integer> {

  private final Surroundings surroundings;
  private final Daemon<T> daemon;
  private final Configuration<T> configuration;
  private final OriginalProgram program;

  private OriginalDaemonCommand(
      Surroundings surroundings,
      String name,
      Daemon<T> daemon,
      OptionTable options,
      Configuration<T> configuration) {
    this.surroundings = surroundings;
    this.daemon = daemon;
    this.configuration = configuration;
    this.program =
        OriginalProgram.of(
            this,
            name,
            "hayloft " + daemon.name() + " with the options of the original's " + name + ":",
            options);
  }

  static <T extends Record> CommandLine of(
      Surroundings surroundings,
      String name,
      Daemon<T> daemon,
      OptionTable options,
      Configuration<T> configuration) {
    return new OriginalDaemonCommand<>(surroundings, name, daemon, options, configuration)
        .program.commandLine();
  }

  @Override
  public Integer call() throws Exception {
    var parsed = program.parsed();
    T config;
    try {
      config = configuration.readOriginal(surroundings, file(parsed), parsed.keys());
    } catch (ConfigException e) {
      throw DaemonCommand.refusal(e);
    }
    var pidFile = parsed.other(OriginalOptions.PID_FILE).map(Path::of);
    return new DaemonRun(surroundings, pidFile, false).run(daemon, config);
  }

  private Optional<Path> file(OptionTable.Parsed parsed) {
    var named = parsed.other(OriginalOptions.CONFIG).map(Path::of);
    if (named.isPresent() || parsed.has(OriginalOptions.SKIP_CONFIG)) {
      return named;
    }
    return Configuration.usual(daemon.usualFiles());
  }
}
