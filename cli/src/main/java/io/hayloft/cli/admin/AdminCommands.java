package io.hayloft.cli.admin;

import io.hayloft.cli.console.Surroundings;
import java.util.List;
import picocli.CommandLine;

/** The commands of this package, in the order of the help. */
public final class AdminCommands {

  private AdminCommands() {}

  public static List<Object> all(Surroundings surroundings) {
    return List.of(
        new SetupCommand(surroundings),
        new CheckCommand(surroundings),
        new RiskCommand(surroundings),
        new WhyCommand(surroundings),
        new SafeModeCommand(surroundings),
        new StatsCommand(surroundings),
        new DomainCommand(surroundings),
        new ClassCommand(surroundings),
        new HostCommand(surroundings),
        device(surroundings),
        new SettingsCommand(surroundings),
        new FsckCommand(surroundings),
        new RebalanceCommand(surroundings),
        new SlaveCommand(surroundings));
  }

  private static CommandLine device(Surroundings surroundings) {
    return new CommandLine(new DeviceCommand(surroundings))
        .addSubcommand(new SafeToRemoveCommand(surroundings))
        .addSubcommand(new AcceptDiskCommand(surroundings));
  }
}
