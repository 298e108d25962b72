package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Moving copies from some devices to others. */
@Command(
    name = "rebalance",
    description = {
      "Move copies from some devices to others, by a policy.",
      "",
      "  hayloft rebalance policy --options=\"from_devices=3 to_percent_free=20\"",
      "  hayloft rebalance test",
      "  hayloft rebalance start",
      ""
    })
final class RebalanceCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  RebalanceCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "policy", description = "Set the policy.")
  void policy(
      @Option(
              names = "--options",
              required = true,
              paramLabel = "TEXT",
              description = "Blank-separated key=value, as in from_devices=3.")
          String text,
      @Mixin AdminOptions options)
      throws IOException {
    change(options, "rebalance_set_policy", Map.of("policy", text));
  }

  @Command(name = "settings", description = "Show the policy and what else is set.")
  void settings(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var settings = new TreeMap<>(admin.settings());
      settings.keySet().removeIf(name -> !name.startsWith("rebal_") || name.equals("rebal_state"));
      if (options.json()) {
        surroundings.terminal().line(Json.text(settings));
        return;
      }
      settings.forEach(
          (name, value) -> surroundings.terminal().line("%25s = %s".formatted(name, value)));
    }
  }

  @Command(name = "test", description = "Show which devices the policy chooses now.")
  void test(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var chosen = admin.ask("rebalance_test", Map.of());
      var from = devices(chosen.getOrDefault("sdevs", ""));
      var to = devices(chosen.getOrDefault("ddevs", ""));
      var terminal = surroundings.terminal();
      if (options.json()) {
        terminal.line(Json.text(Json.object("sdevs", from, "ddevs", to)));
        return;
      }
      terminal.line("Tested rebalance policy...");
      terminal.line("Policy: " + admin.setting("rebal_policy").orElse(""));
      terminal.line("Source devices:");
      from.forEach(device -> terminal.line(" - " + device));
      terminal.line("Destination devices:");
      to.forEach(device -> terminal.line(" - " + device));
    }
  }

  private static List<Integer> devices(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> word.matches("[0-9]{1,9}"))
        .map(Integer::valueOf)
        .toList();
  }

  @Command(name = "start", description = "Start, or go on after stop.")
  void start(@Mixin AdminOptions options) throws IOException {
    change(options, "rebalance_start", Map.of());
  }

  @Command(name = "stop", description = "Stop after the batch at hand.")
  void stop(@Mixin AdminOptions options) throws IOException {
    change(options, "rebalance_stop", Map.of());
  }

  @Command(name = "reset", description = "Forget how far it has come.")
  void reset(@Mixin AdminOptions options) throws IOException {
    change(options, "rebalance_reset", Map.of());
  }

  private void change(AdminOptions options, String command, Map<String, String> arguments)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      options.done(surroundings, new LinkedHashMap<>(admin.call(command, arguments)));
    }
  }

  @Command(name = "status", description = "Show how far it has come.")
  void status(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      boolean running = isRunning(admin);
      var state = state(admin.ask("rebalance_status", Map.of()).getOrDefault("state", ""));
      var terminal = surroundings.terminal();
      if (options.json()) {
        terminal.line(Json.text(Json.object("running", running, "state", state)));
        return;
      }
      terminal.line(running ? "Rebalance is running" : "Rebalance is stopped");
      terminal.line("Rebalance status:");
      state.forEach((name, value) -> terminal.line("%25s = %s".formatted(name, value)));
    }
  }

  private static boolean isRunning(HayloftAdmin admin) throws IOException {
    return admin.setting("rebal_host").isPresent();
  }

  /** Blank-separated {@code key=value}, sorted. */
  static Map<String, String> state(String text) {
    var state = new TreeMap<String, String>();
    for (var word : text.split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        state.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return state;
  }
}
