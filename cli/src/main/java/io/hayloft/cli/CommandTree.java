package io.hayloft.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.hayloft.cli.admin.AdminCommands;
import io.hayloft.cli.cluster.DevCommand;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Sentences;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.daemon.DaemonCommands;
import io.hayloft.cli.demo.DemoCommand;
import io.hayloft.cli.file.FileCommands;
import io.hayloft.runtime.config.ConfigException;
import io.hayloft.schema.SchemaException;
import io.hayloft.tracker.policy.UnusablePolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands in one tree, and the one place where a failure becomes a line and an exit code. */
public final class CommandTree {

  private static final Logger log = LoggerFactory.getLogger(CommandTree.class);

  private final CommandLine root;
  private final Surroundings surroundings;

  private CommandTree(CommandLine root, Surroundings surroundings) {
    this.root = root;
    this.surroundings = surroundings;
  }

  public static CommandTree of(Surroundings surroundings) {
    var groups = new CommandGroups();
    groups.add(
        "To begin with", List.of(new DemoCommand(surroundings), new DevCommand(surroundings)));
    groups.add("Files", FileCommands.all(surroundings));
    groups.add("Installation", AdminCommands.all(surroundings));
    groups.add("Daemons", DaemonCommands.all(surroundings));
    groups.add("More", List.of(new HelpCommand(surroundings), new CompletionCommand(surroundings)));
    var root = new CommandLine(new HayloftCommand(surroundings));
    groups.intoTree(root);
    DaemonCommands.originals(surroundings)
        .forEach(each -> root.addSubcommand(each.getCommandName(), each));
    return of(surroundings, root);
  }

  /**
   * What a command line needs that begins so: of a daemon's that daemon alone, since what all
   * commands take is read from their classes, which takes longer than a node's start.
   */
  static CommandTree forLine(Surroundings surroundings, String... args) {
    var daemon =
        args.length > 0
            ? DaemonCommands.named(args[0], surroundings)
            : Optional.<CommandLine>empty();
    if (daemon.isEmpty()) {
      return of(surroundings);
    }
    var root = new CommandLine(CommandSpec.create().name("hayloft"));
    root.addSubcommand(daemon.get().getCommandName(), daemon.get());
    return of(surroundings, root);
  }

  private static CommandTree of(Surroundings surroundings, CommandLine root) {
    root.getSubcommands().values().forEach(CommandTree::addHelp);
    var tree = new CommandTree(root, surroundings);
    root.setOut(new PrintWriter(surroundings.terminal().out(), true, UTF_8));
    root.setErr(new PrintWriter(surroundings.terminal().err(), true, UTF_8));
    root.setExecutionExceptionHandler((failure, command, parsed) -> tree.failed(failure));
    root.setParameterExceptionHandler((failure, args) -> tree.misused(failure));
    root.setExpandAtFiles(false); // a key may begin with @
    root.setUsageHelpWidth(100);
    return tree;
  }

  private static void addHelp(CommandLine command) {
    if (command.getCommandSpec().findOption("--help") != null) {
      return; // met before, under another name of the same command
    }
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this text.")
                .build());
    command.getSubcommands().values().forEach(CommandTree::addHelp);
  }

  /** Runs one command line; never throws. */
  public int run(String... args) {
    try {
      return root.execute(args);
    } finally {
      surroundings.terminal().flush();
    }
  }

  CommandLine root() {
    return root;
  }

  private int misused(ParameterException failure) {
    var command = failure.getCommandLine();
    var sentence = failure.getMessage();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      sentence = unmatched(unmatched, command);
    }
    return end(
        ExitCode.USAGE,
        "%s (see %s --help)".formatted(sentence, command.getCommandSpec().qualifiedName(" ")));
  }

  private static String unmatched(UnmatchedArgumentException failure, CommandLine command) {
    var word = failure.getUnmatched().getFirst();
    boolean isOption = word.startsWith("-");
    var known =
        isOption
            ? command.getCommandSpec().optionsMap().keySet()
            : command.getSubcommands().keySet();
    var what = isOption ? "no option " : known.isEmpty() ? "no room for " : "no command ";
    return "there is " + what + word + Nearest.hint(word.replaceFirst("=.*", ""), known);
  }

  private int failed(Exception failure) {
    return switch (failure) {
      case Refusal refusal -> {
        log.debug("refused", refusal);
        yield end(refusal.exitCode(), refusal.sentence());
      }
      case SchemaException unfit -> end(ExitCode.USAGE, String.valueOf(unfit.getMessage()));
      case UnusablePolicyException unfit -> end(ExitCode.USAGE, String.valueOf(unfit.getMessage()));
      case ConfigException wrong -> end(ExitCode.USAGE, String.valueOf(wrong.getMessage()));
      case IOException failed -> {
        log.debug("failed", failed);
        yield end(Sentences.exitCode(failed), Sentences.of(failed));
      }
      case UncheckedIOException wrapped -> failed(requireNonNull(wrapped.getCause()));
      case InterruptedException stopped -> {
        Thread.currentThread().interrupt();
        yield end(ExitCode.INTERRUPTED, "stopped");
      }
      default -> {
        log.error("a defect of this program: please report it with these lines", failure);
        yield end(ExitCode.FAILED, "unexpected: " + failure);
      }
    };
  }

  private int end(ExitCode code, String sentence) {
    surroundings.terminal().note("hayloft: " + sentence.replaceAll("\\s*\\R\\s*", "; "));
    return code.number();
  }
}
