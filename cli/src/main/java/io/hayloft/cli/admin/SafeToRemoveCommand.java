package io.hayloft.cli.admin;

import static io.hayloft.cli.admin.Numbered.number;
import static io.hayloft.cli.admin.Numbered.text;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says whether a device may be taken away. */
@Command(
    name = "safe-to-remove",
    description = {
      "Say whether a device may be taken away, or which files would be at risk.",
      "",
      "Looks at every file that is believed to be on it. The exit code is 0 when it may go.",
      ""
    })
final class SafeToRemoveCommand implements Callable<Integer> {

  private static final int NAMED = 20;

  private final Surroundings surroundings;

  @Parameters(paramLabel = "DEVICE", description = "As in dev12.")
  private String device = "";

  @Mixin private AdminOptions options = new AdminOptions();

  SafeToRemoveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What all pages together say. */
  private static final class Sum {
    private long checked;
    private long lost;
    private long few;
    private boolean takesNewFiles;
    private final List<Map<String, @Nullable Object>> files = new ArrayList<>();

    boolean isSafe() {
      return lost == 0 && few == 0 && !takesNewFiles;
    }
  }

  @Override
  public Integer call() throws IOException {
    var id = Registry.device(device);
    try (var admin = options.open(surroundings)) {
      var sum = pages(admin, id);
      if (options.json()) {
        surroundings
            .terminal()
            .line(
                Json.text(
                    Json.object(
                        "devid", id.value(),
                        "safe", sum.isSafe(),
                        "checked", sum.checked,
                        "lost", sum.lost,
                        "few", sum.few,
                        "takes_new_files", sum.takesNewFiles,
                        "files", sum.files)));
      } else {
        show(sum);
      }
      return (sum.isSafe() ? ExitCode.OK : ExitCode.FAILED).number();
    }
  }

  private Sum pages(HayloftAdmin admin, DeviceId id) throws IOException {
    var sum = new Sum();
    long after = 0;
    boolean more = true;
    while (more) {
      var reply =
          admin.ask(
              "hayloft_safe_to_remove",
              Map.of("device", id.toString(), "after", Long.toString(after)));
      sum.checked += number(reply, "checked");
      sum.lost += number(reply, "lost");
      sum.few += number(reply, "few");
      sum.takesNewFiles = number(reply, "takes_new_files") == 1;
      Numbered.list(reply, "file").stream()
          .limit(NAMED - (long) sum.files.size())
          .forEach(sum.files::add);
      more = number(reply, "more") == 1;
      after = number(reply, "last");
      if (more && !options.json() && sum.checked % 100_000 == 0) {
        surroundings.terminal().note("%,d files looked at".formatted(sum.checked));
      }
    }
    return sum;
  }

  private void show(Sum sum) {
    var terminal = surroundings.terminal();
    terminal.line("%,d files are believed to be on %s.".formatted(sum.checked, device));
    if (sum.isSafe()) {
      terminal.line("It may be taken away: all of them have enough other copies.");
      return;
    }
    terminal.line("It must not be taken away:");
    if (sum.takesNewFiles) {
      terminal.line("  it takes new files: mark it drain or readonly first");
    }
    if (sum.lost > 0) {
      terminal.line("  %,d files would be lost: they have no other copy".formatted(sum.lost));
    }
    if (sum.few > 0) {
      terminal.line("  %,d files would have fewer copies than they should".formatted(sum.few));
    }
    for (var file : sum.files) {
      terminal.line(
          "  fid %s, %s other copies: %s %s"
              .formatted(
                  text(file, "fid"),
                  text(file, "others"),
                  text(file, "domain"),
                  text(file, "key")));
    }
  }
}
