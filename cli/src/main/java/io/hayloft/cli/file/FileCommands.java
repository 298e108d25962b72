package io.hayloft.cli.file;

import io.hayloft.cli.console.Surroundings;
import java.util.List;

/** The commands of this package, in the order of the help. */
public final class FileCommands {

  private FileCommands() {}

  public static List<Object> all(Surroundings surroundings) {
    return List.of(
        new PutCommand(surroundings),
        new GetCommand(surroundings),
        new CatCommand(surroundings),
        new LsCommand(surroundings),
        new StatCommand(surroundings),
        new RmCommand(surroundings),
        new MvCommand(surroundings));
  }
}
