package io.hayloft.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands by what one wants to do, for the list in the help. */
final class CommandGroups {

  private final Map<String, Map<String, CommandLine>> groups = new LinkedHashMap<>();

  /** Adds commands, whose annotations name them. */
  void add(String group, List<Object> members) {
    var commands = groups.computeIfAbsent(group, key -> new LinkedHashMap<>());
    for (var member : members) {
      var command = member instanceof CommandLine line ? line : new CommandLine(member);
      commands.put(command.getCommandName(), command);
    }
  }

  void intoTree(CommandLine root) {
    // Before the subcommands come, since those that are there would get the list as well.
    var sections = new TreeMap<>(root.getHelpSectionMap());
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, this::list);
    root.setHelpSectionMap(sections);
    groups.values().forEach(members -> members.forEach(root::addSubcommand));
  }

  private String list(Help help) {
    var out = new StringBuilder();
    groups.forEach(
        (group, members) -> {
          out.append('\n').append(group).append('\n');
          members.forEach(
              (name, command) -> out.append("  %-11s %s%n".formatted(name, firstLine(command))));
        });
    return out.toString();
  }

  private static String firstLine(CommandLine command) {
    var description = command.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }
}
