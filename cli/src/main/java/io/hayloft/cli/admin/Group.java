package io.hayloft.cli.admin;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that is only the first word of others. */
final class Group {

  private Group() {}

  /** What somebody gets who stops after the first word. */
  static ParameterException incomplete(CommandSpec spec) {
    var line = spec.commandLine();
    return new ParameterException(
        line,
        "say what to do: "
            + line.getSubcommands().keySet().stream()
                .map(word -> spec.qualifiedName(" ").replaceFirst("^hayloft ", "") + " " + word)
                .collect(Collectors.joining(", ")));
  }
}
