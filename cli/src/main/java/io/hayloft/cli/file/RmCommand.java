package io.hayloft.cli.file;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.DomainOptions;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.Hayloft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes files. There is no way back, so removing many asks for a word more. */
@Command(
    name = "rm",
    description = {
      "Remove files; with -r --yes, all whose keys begin with a text.",
      "",
      "  hayloft rm pets/cat.jpg",
      "  hayloft rm -r 2019/            says how many that would be",
      "  hayloft rm -r 2019/ --yes      removes them",
      ""
    },
    sortOptions = false)
final class RmCommand implements Callable<Integer> {

  private static final int PARALLEL = 16;

  private final Surroundings surroundings;

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "What to remove.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Remove all files whose keys begin with KEY.")
  private boolean recursive;

  @Option(names = "--yes", description = "Really remove them all (-r).")
  private boolean yes;

  @Option(
      names = {"-f", "--force"},
      description = "A file that is not there is no failure.")
  private boolean force;

  @Mixin private DomainOptions domain = new DomainOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RmCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var client = domain.client(surroundings)) {
      return recursive ? below(client) : named(client);
    }
  }

  private int named(Hayloft client) throws IOException {
    var exit = ExitCode.OK;
    long removed = 0;
    for (var key : keys) {
      if (client.delete(key)) {
        removed++;
      } else if (!force) {
        surroundings.terminal().note("hayloft: there is no file of key " + key);
        exit = ExitCode.NOT_FOUND;
      }
    }
    report(removed, 0);
    return exit.number();
  }

  private int below(Hayloft client) throws IOException, InterruptedException {
    if (!yes) {
      throw new Refusal(
          ExitCode.USAGE,
          "this would remove %s for ever: to do so, add --yes"
              .formatted(Amounts.count(count(client), "file")));
    }
    var removed = new AtomicLong();
    int failed = 0;
    try (var bar = output.progress(surroundings, Progress.Goal.items("removing", "files", 0))) {
      for (var prefix : keys) {
        failed +=
            new Transfers(surroundings, PARALLEL)
                .forEach(
                    client.list(prefix).iterator(),
                    key -> {
                      if (client.delete(key)) {
                        removed.incrementAndGet();
                      }
                      bar.addItem();
                    });
      }
    }
    report(removed.get(), failed);
    return failed == 0 ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }

  private long count(Hayloft client) throws IOException {
    long count = 0;
    try {
      for (var prefix : keys) {
        count += client.list(prefix).count();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return count;
  }

  private void report(long removed, int failed) {
    if (output.json()) {
      surroundings.terminal().line(Json.text(Json.object("removed", removed, "failed", failed)));
    } else if (recursive) {
      output.note(surroundings, "removed " + Amounts.count(removed, "file"));
    }
  }
}
