package io.hayloft.bench.call;

import picocli.CommandLine.Option;

/** Options of commands that measure each thing several times, for as long each time. */
public final class Repeats {

  @Option(
      names = "--runs",
      paramLabel = "<n>",
      description = "How often each is measured. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      description = "How long a measurement takes. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "<n>",
      description = {
        "Seconds of load before it that do not count, and more until what an operation costs has",
        "stopped to fall. Default: ${DEFAULT-VALUE}."
      })
  private int warmUp;

  /** What is usual. */
  public Repeats(int runs, int seconds, int warmUp) {
    this.runs = runs;
    this.seconds = seconds;
    this.warmUp = warmUp;
  }

  public int runs() {
    return runs;
  }

  public int seconds() {
    return seconds;
  }

  public int warmUp() {
    return warmUp;
  }
}
