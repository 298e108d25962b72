package io.hayloft.cli.file;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes files to standard output, nothing but their bytes. */
@Command(
    name = "cat",
    description = {
      "Write files to standard output, one after the other.",
      "",
      "  hayloft cat notes/today.txt | less",
      ""
    },
    sortOptions = false)
final class CatCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "What to write.")
  private List<String> keys = new ArrayList<>();

  @Mixin private DomainOptions domain = new DomainOptions();

  CatCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    try (var client = domain.client(surroundings)) {
      Streaming.toOutput(surroundings, client, keys);
    }
    return ExitCode.OK.number();
  }
}
