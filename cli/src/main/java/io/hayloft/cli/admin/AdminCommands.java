package io.hayloft.cli.admin;

import io.hayloft.cli.console.Surroundings;
import java.util.List;

/** The commands of this package, in the order of the help. */
public final class AdminCommands {

  private AdminCommands() {}

  public static List<Object> all(Surroundings surroundings) {
    return List.of(
        new SetupCommand(surroundings),
        new CheckCommand(surroundings),
        new StatsCommand(surroundings),
        new DomainCommand(surroundings),
        new ClassCommand(surroundings),
        new HostCommand(surroundings),
        new DeviceCommand(surroundings),
        new SettingsCommand(surroundings),
        new FsckCommand(surroundings),
        new RebalanceCommand(surroundings),
        new SlaveCommand(surroundings));
  }
}
