package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows whether so much is out of reach that nothing is given up, and overrides that. */
@Command(
    name = "safe-mode",
    description = {
      "Show whether so many devices are out of reach that nothing is given up.",
      "",
      "While it holds no device is marked dead by itself and dead ones are not emptied.",
      "The exit code is 1 while it holds.",
      ""
    })
final class SafeModeCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Option(
      names = "--override",
      paramLabel = "SECONDS",
      description = "Go on all the same for so long, a day at most.")
  private @Nullable Integer override;

  @Option(names = "--end", description = "End an override.")
  private boolean end;

  @Mixin private AdminOptions options = new AdminOptions();

  SafeModeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (end && override != null) {
      throw new Refusal(ExitCode.USAGE, "either --override or --end");
    }
    try (var admin = options.open(surroundings)) {
      Map<String, String> arguments =
          end
              ? Map.of("override", "0")
              : override == null ? Map.of() : Map.of("override", override.toString());
      var reply = admin.call("hayloft_safe_mode", arguments);
      boolean on = reply.getOrDefault("safe_mode", "0").equals("1");
      boolean overridden = reply.getOrDefault("overridden", "0").equals("1");
      if (options.json()) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("safe_mode", on);
        object.put("overridden", overridden);
        object.put("devices", Numbered.number(reply, "devices"));
        object.put("out", Numbered.values(reply, "out"));
        surroundings.terminal().line(Json.text(object));
      } else {
        show(reply, on, overridden);
      }
      return (on && !overridden ? ExitCode.FAILED : ExitCode.OK).number();
    }
  }

  private void show(Map<String, String> reply, boolean on, boolean overridden) {
    var terminal = surroundings.terminal();
    terminal.line(
        "safe mode is %s: %s of %s devices are out of reach"
            .formatted(
                !on ? "off" : overridden ? "overridden" : "on",
                reply.getOrDefault("out", ""),
                reply.getOrDefault("devices", "")));
    Numbered.values(reply, "out").forEach(device -> terminal.line("  dev" + device));
  }
}
