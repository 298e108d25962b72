package io.hayloft.cli.file;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a file another key, another class, or both. No bytes move for a key. */
@Command(
    name = "mv",
    description = {
      "Give a file another key, or another class (--class).",
      "",
      "  hayloft mv cat.jpg pets/cat.jpg      refused when that key is taken",
      "  hayloft mv cat.jpg --class thumb     keeps its key",
      ""
    },
    sortOptions = false)
final class MvCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "KEY", description = "The file.")
  private String from = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NEWKEY", description = "Its new key.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = {"-c", "--class"},
      paramLabel = "CLASS",
      description = "Its new class.")
  private Optional<String> fileClass = Optional.empty();

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  MvCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (to.isEmpty() && fileClass.isEmpty()) {
      throw new Refusal(ExitCode.USAGE, "name the new key, or the new class with --class");
    }
    try (var client = domain.client(surroundings)) {
      if (to.isPresent()) {
        client.rename(from, to.get());
      }
      if (fileClass.isPresent()) {
        client.changeClass(to.orElse(from), fileClass.get());
      }
    }
    if (output.json()) {
      surroundings
          .terminal()
          .line(Json.text(Json.object("key", to.orElse(from), "class", fileClass.orElse(null))));
    }
    return ExitCode.OK.number();
  }
}
