package io.hayloft.cli.daemon;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The command line of a program that is called and told as one of the original's: the words reach
 * it as they were typed, since its options look like ours and are read in another way.
 */
record OriginalProgram(CommandSpec spec, OptionTable options) {

  /**
   * @param callable what is called; it asks {@link #parsed} for what it was told
   * @param purpose the line before the list of options
   */
  static OriginalProgram of(Object callable, String name, String purpose, OptionTable options) {
    var spec = CommandSpec.wrapWithoutInspection(callable).name(name);
    spec.usageMessage()
        .hidden(true)
        .description(purpose, "", options.synopsis().replace("%", "%%"));
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("OPTION")
            .build());
    spec.parser().unmatchedOptionsArePositionalParams(true).stopAtPositional(true);
    return new OriginalProgram(spec, options);
  }

  CommandLine commandLine() {
    return new CommandLine(spec);
  }

  OptionTable.Parsed parsed() {
    List<String> words = spec.commandLine().getParseResult().matchedPositionalValue(0, List.of());
    try {
      return options.parse(words);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
