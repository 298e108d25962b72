package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.runtime.config.ConfigReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/** The commands of this package, in the order of the help. */
public final class DaemonCommands {

  private static final String MOGILEFSD = "mogilefsd";
  private static final String MOGSTORED = "mogstored";

  private DaemonCommands() {}

  public static List<Object> all(Surroundings surroundings) {
    return List.of(
        tracker(surroundings),
        node(surroundings),
        new DbCommand(surroundings),
        new MigrateCommand(surroundings));
  }

  /** The original's programs under their own names, which the help does not list. */
  public static List<CommandLine> originals(Surroundings surroundings) {
    return List.of(
        mogilefsd(surroundings), mogstored(surroundings), MogdbsetupCommand.of(surroundings));
  }

  /** The command that runs a daemon, by its own name or the original's; empty if it is none. */
  public static Optional<CommandLine> named(String name, Surroundings surroundings) {
    return switch (name) {
      case "tracker" -> Optional.of(tracker(surroundings));
      case "node" -> Optional.of(node(surroundings));
      case MOGILEFSD -> Optional.of(mogilefsd(surroundings));
      case MOGSTORED -> Optional.of(mogstored(surroundings));
      default -> Optional.empty();
    };
  }

  private static CommandLine tracker(Surroundings surroundings) {
    return DaemonCommand.of(surroundings, new TrackerDaemon(), variables(new NodeDaemon()));
  }

  private static CommandLine node(Surroundings surroundings) {
    return DaemonCommand.of(surroundings, new NodeDaemon(), variables(new TrackerDaemon()));
  }

  private static CommandLine mogilefsd(Surroundings surroundings) {
    var tracker = new TrackerDaemon();
    return OriginalDaemonCommand.of(
        surroundings,
        MOGILEFSD,
        tracker,
        OriginalOptions.tracker(),
        new Configuration<>(tracker, variables(new NodeDaemon())));
  }

  private static CommandLine mogstored(Surroundings surroundings) {
    var node = new NodeDaemon();
    return OriginalDaemonCommand.of(
        surroundings,
        MOGSTORED,
        node,
        OriginalOptions.node(),
        new Configuration<>(node, variables(new TrackerDaemon())));
  }

  private static Set<String> variables(Daemon<?> daemon) {
    return ConfigReader.of(daemon.configuration()).environmentNames();
  }
}
