package io.hayloft.cli;

import io.hayloft.cli.console.Surroundings;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes the script by which a shell completes this command. */
@Command(
    name = "completion",
    description = {
      "Print the completion script for bash and zsh.",
      "",
      "In ~/.bashrc, or in ~/.zshrc after bashcompinit:",
      "  source <(hayloft completion)",
      ""
    })
final class CompletionCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    surroundings.terminal().line(AutoComplete.bash("hayloft", spec.root().commandLine()));
  }
}
