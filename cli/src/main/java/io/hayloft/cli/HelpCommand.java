package io.hayloft.cli;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hayloft help put}, and the chapters that belong to no single command. */
@Command(
    name = "help",
    description = "Explain a command, or a topic: exit-codes, environment, json.")
final class HelpCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..*", paramLabel = "COMMAND|TOPIC")
  private List<String> words = new ArrayList<>();

  HelpCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    var terminal = surroundings.terminal();
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "exit-codes" -> exitCodes().forEach(terminal::line);
      case "environment" -> ENVIRONMENT.lines().forEach(terminal::line);
      case "json" -> JSON.lines().forEach(terminal::line);
      default -> terminal.line(find().getUsageMessage().stripTrailing());
    }
  }

  private CommandLine find() {
    var found = spec.parent().commandLine();
    for (var word : words) {
      var next = found.getSubcommands().get(word);
      if (next == null) {
        throw new Refusal(
            ExitCode.USAGE, "there is no help on \"%s\": see hayloft --help".formatted(word));
      }
      found = next;
    }
    return found;
  }

  static List<String> exitCodes() {
    var lines = new ArrayList<String>();
    for (var code : ExitCode.values()) {
      lines.add("%4d  %s".formatted(code.number(), code.meaning()));
    }
    return lines;
  }

  private static final String ENVIRONMENT =
      """
      HAYLOFT_TRACKERS   trackers, as in host1:7001,host2:7001
      HAYLOFT_DOMAIN     the domain of put, get, cat, ls, stat, rm, mv
      HAYLOFT_CLASS      the class of put
      HAYLOFT_LOG        what to log: error, warn, info, debug, trace; or a package and a level,
                         as in io.hayloft.tracker.work=debug,info
      HAYLOFT_JAVA_OPTS  further options of the JVM
      HAYLOFT_BUILD      "never": do not build when the sources have changed
      JAVA_HOME          a JDK 25 or newer; JAVA25_HOME and the usual places are looked at too
      NO_COLOR           no colours (there are none; progress lines are plain as well)
      XDG_CACHE_HOME     where the embedded database and the demo's scratch cluster live
      XDG_DATA_HOME      where hayloft dev keeps its data
      Each key of a daemon's configuration has a variable too: see hayloft tracker --help.\
      """;

  private static final String JSON =
      """
      --json writes the result to standard output as one JSON value on one line: an object, or an
      array for lists. ls and printlog write one object on each line, so that long lists can be
      read as they come. Names are the original's words (mindevcount, hashtype, observed_state),
      sizes are bytes (size, length) or, where the name begins with mb_, units of 1,048,576 bytes.
      Keys that are not UTF-8 have replacement marks. Progress and errors go to standard error,
      errors as one line of text; programs decide by the exit code (hayloft help exit-codes).\
      """;
}
