package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigReader;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** The commands of this package, in the order of the help. */
public final class DaemonCommands {

  private DaemonCommands() {}

  public static List<Object> all(Surroundings surroundings) {
    var tracker = new TrackerDaemon();
    var node = new NodeDaemon();
    return List.of(
        DaemonCommand.of(surroundings, tracker, variables(node)),
        DaemonCommand.of(surroundings, node, variables(tracker)),
        new DbCommand(surroundings),
        new MigrateCommand(surroundings));
  }

  /** The original's programs under their own names, which the help does not list. */
  public static List<CommandLine> originals(Surroundings surroundings) {
    var tracker = new TrackerDaemon();
    var node = new NodeDaemon();
    return List.of(
        OriginalDaemonCommand.of(
            surroundings,
            "mogilefsd",
            tracker,
            OriginalOptions.tracker(),
            new Configuration<>(tracker, variables(node))),
        OriginalDaemonCommand.of(
            surroundings,
            "mogstored",
            node,
            OriginalOptions.node(),
            new Configuration<>(node, variables(tracker))),
        MogdbsetupCommand.of(surroundings));
  }

  private static Set<String> variables(Daemon<?> daemon) {
    return ConfigReader.of(daemon.configuration()).environmentNames();
  }
}
