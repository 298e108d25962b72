package io.hayloft.cli.session;

import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import picocli.CommandLine.Option;

/** The options that every command has: in which form, and how much, it writes. */
public final class OutputOptions {

  @Option(names = "--json", description = "Write the result as JSON (see: hayloft help json).")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress and no remarks.")
  private boolean quiet;

  public boolean json() {
    return json;
  }

  public boolean quiet() {
    return quiet;
  }

  /** Progress as the person wants it. */
  public Progress progress(Surroundings surroundings, Progress.Goal goal) {
    return quiet
        ? Progress.silent(surroundings.terminal(), surroundings.time(), goal)
        : Progress.start(surroundings.terminal(), surroundings.time(), goal);
  }

  /** A remark, unless the person wants none. */
  public void note(Surroundings surroundings, String text) {
    if (!quiet) {
      surroundings.terminal().note(text);
    }
  }
}
