package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import java.io.IOException;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Settings kept in the database, which hold for all trackers. */
@Command(
    name = "settings",
    description = {
      "List or set what holds for all trackers.",
      "",
      "  hayloft settings set memcache_ttl 60",
      ""
    })
final class SettingsCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  SettingsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List the settings that can be read.")
  void list(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var settings = new TreeMap<>(admin.settings());
      settings.keySet().removeIf(name -> name.startsWith("rebal"));
      if (options.json()) {
        surroundings.terminal().line(Json.text(settings));
        return;
      }
      settings.forEach(
          (name, value) -> surroundings.terminal().line("%25s = %s".formatted(name, value)));
    }
  }

  @Command(name = "set", description = "Set one of them.")
  void set(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Parameters(paramLabel = "VALUE", description = "Its new value.") String value,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.changeSetting(name, value);
      options.done(surroundings, Json.object("key", name, "value", value));
    }
  }
}
