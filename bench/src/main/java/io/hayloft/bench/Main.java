package io.hayloft.bench;

import io.hayloft.bench.growth.GrowthCommand;
import io.hayloft.bench.healing.HealingCommand;
import io.hayloft.bench.node.NodeCommand;
import io.hayloft.bench.overload.OverloadCommand;
import io.hayloft.bench.replay.ReplayCommand;
import io.hayloft.bench.tracker.TrackerCommand;
import io.hayloft.bench.watchers.WatchersCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The process: runs one command line and ends with its exit code. */
@Command(
    name = "bench/run",
    description = "Measures Hayloft.",
    mixinStandardHelpOptions = true,
    subcommands = {
      GrowthCommand.class,
      HealingCommand.class,
      NodeCommand.class,
      OverloadCommand.class,
      ReplayCommand.class,
      TrackerCommand.class,
      WatchersCommand.class
    })
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
