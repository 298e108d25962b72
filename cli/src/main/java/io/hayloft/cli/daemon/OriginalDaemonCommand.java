package io.hayloft.cli.daemon;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

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
  private final OptionTable options;
  private final PositionalParamSpec words;
  private final CommandSpec spec;

  private OriginalDaemonCommand(
      Surroundings surroundings,
      String name,
      Daemon<T> daemon,
      OptionTable options,
      Configuration<T> configuration) {
    this.surroundings = surroundings;
    this.daemon = daemon;
    this.options = options;
    this.configuration = configuration;
    this.words =
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("OPTION")
            .build();
    this.spec = CommandSpec.wrapWithoutInspection(this).name(name);
  }

  static <T extends Record> CommandLine of(
      Surroundings surroundings,
      String name,
      Daemon<T> daemon,
      OptionTable options,
      Configuration<T> configuration) {
    var command = new OriginalDaemonCommand<>(surroundings, name, daemon, options, configuration);
    var spec = command.spec;
    spec.usageMessage()
        .hidden(true)
        .description(
            "hayloft " + daemon.name() + " with the options of the original's " + name + ":",
            "",
            escape(options.synopsis()));
    spec.addPositional(command.words);
    // Its own options look like ours and are read in another way.
    spec.parser().unmatchedOptionsArePositionalParams(true).stopAtPositional(true);
    return new CommandLine(spec);
  }

  private static String escape(String text) {
    return text.replace("%", "%%");
  }

  @Override
  public Integer call() throws Exception {
    var parsed = parse();
    T config;
    try {
      config = configuration.readOriginal(surroundings, file(parsed), parsed.keys());
    } catch (ConfigException e) {
      throw DaemonCommand.refusal(e);
    }
    var pidFile = parsed.other(OriginalOptions.PID_FILE).map(Path::of);
    return new DaemonRun(surroundings, pidFile, false).run(daemon, config);
  }

  private OptionTable.Parsed parse() {
    List<String> given = spec.commandLine().getParseResult().matchedPositionalValue(0, List.of());
    try {
      return options.parse(given);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Path> file(OptionTable.Parsed parsed) {
    var named = parsed.other(OriginalOptions.CONFIG).map(Path::of);
    if (named.isPresent() || parsed.has(OriginalOptions.SKIP_CONFIG)) {
      return named;
    }
    return Configuration.usual(daemon.usualFiles());
  }
}
