package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.plugin.Plugins;
import java.util.HashMap;
import java.util.Map;

/**
 * The commands that plugins bring, {@code plugin_<name>}, each about a domain that must be there.
 */
final class PluginCommands {

  private final Plugins plugins;

  PluginCommands(Plugins plugins) {
    this.plugins = plugins;
  }

  Map<String, Command> table() {
    var table = new HashMap<String, Command>();
    plugins.commands().forEach((name, command) -> table.put(name, call -> answer(call, command)));
    return table;
  }

  private static Reply answer(Call call, Plugins.Answering command) throws InterruptedException {
    return command.answer(call.in(call.domain()));
  }
}
