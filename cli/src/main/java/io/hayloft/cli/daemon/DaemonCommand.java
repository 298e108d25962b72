package io.hayloft.cli.daemon;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigProblem;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Runs a daemon in this process until a signal, or its own means, ends it. It stays in the
 * foreground; keeping it running is for a service manager.
 *
 * @param <T> the daemon's configuration
 */
final class DaemonCommand<T extends Record> implements Callable<Integer> {

  private static final String PID_FILE = "--pid-file";
  private static final String UNTIL_INPUT_ENDS = "--until-input-ends";

  private final Surroundings surroundings;
  private final Daemon<T> daemon;
  private final Configuration<T> configuration;
  private final CommandSpec spec;

  private DaemonCommand(Surroundings surroundings, Daemon<T> daemon, Set<String> otherDaemons) {
    this.surroundings = surroundings;
    this.daemon = daemon;
    this.configuration = new Configuration<>(daemon, otherDaemons);
    this.spec = CommandSpec.wrapWithoutInspection(this).name(daemon.name());
  }

  static <T extends Record> CommandLine of(
      Surroundings surroundings, Daemon<T> daemon, Set<String> otherDaemons) {
    var command = new DaemonCommand<>(surroundings, daemon, otherDaemons);
    var spec = command.spec;
    spec.usageMessage()
        .description(daemon.description().toArray(String[]::new))
        .sortOptions(false)
        .sortSynopsis(false)
        .abbreviateSynopsis(true)
        .footer(
            "",
            "Each option is also a key of the file (--http-listen is http_listen, and words of a",
            "group come with a dot) and a variable (HAYLOFT_HTTP_LISTEN). An option wins over the",
            "variable, which wins over the file. Exit codes: 0 stopped in order, 1 failed,",
            "2 the configuration or the tables of the database are not right.");
    command.configuration.addOptions(spec);
    spec.addOption(
        OptionSpec.builder(PID_FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description("Keep the number of the process in this file.")
            .build());
    spec.addOption(
        OptionSpec.builder(UNTIL_INPUT_ENDS)
            .description("Stop when standard input ends: for processes that start daemons.")
            .build());
    return new CommandLine(spec);
  }

  @Override
  public Integer call() throws Exception {
    var parsed = spec.commandLine().getParseResult();
    var pidFile =
        parsed.hasMatchedOption(PID_FILE)
            ? Optional.of(parsed.matchedOptionValue(PID_FILE, Path.of("")))
            : Optional.<Path>empty();
    T config;
    try {
      config = configuration.read(surroundings, parsed);
    } catch (ConfigException e) {
      throw refusal(e);
    }
    return new DaemonRun(surroundings, pidFile, parsed.hasMatchedOption(UNTIL_INPUT_ENDS))
        .run(daemon, config);
  }

  /** Every problem, each on its line: they are mended together. */
  static Refusal refusal(ConfigException failure) {
    var problems = failure.problems();
    var lines = problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n  "));
    return new Refusal(
        ExitCode.USAGE,
        problems.size() == 1
            ? lines
            : "%d settings are not right:\n  ".formatted(problems.size()) + lines,
        failure);
  }
}
