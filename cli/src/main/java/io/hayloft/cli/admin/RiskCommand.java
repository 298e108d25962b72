package io.hayloft.cli.admin;

import static io.hayloft.cli.admin.Numbered.text;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Terminal;
import io.hayloft.cli.session.AdminOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what could be lost, and what to do first. */
@Command(
    name = "risk",
    description = {
      "Say which files are at risk, and what to do first.",
      "",
      "Counts files by the copies that can be read now; in a large installation a sample of them.",
      "The exit code is 0 when nothing is at risk, 1 when something is, 4 when no tracker answers.",
      ""
    },
    sortOptions = false)
final class RiskCommand implements Callable<Integer> {

  private static final String COPIES = "copies_";

  private final Surroundings surroundings;

  @Mixin private AdminOptions options = new AdminOptions();

  RiskCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    try (var admin = options.open(surroundings)) {
      var reply = admin.ask("hayloft_risk", Map.of());
      if (options.json()) {
        surroundings.terminal().line(Json.text(json(reply)));
      } else {
        show(reply);
      }
      boolean atRisk = !reply.getOrDefault("at_risk", "1").equals("0");
      return (atRisk ? ExitCode.FAILED : ExitCode.OK).number();
    }
  }

  private static Map<String, @Nullable Object> json(Map<String, String> reply) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    reply.forEach(
        (name, value) -> {
          if (!name.matches("(class|queue|device|advice)_[0-9]+.*")
              && !name.matches("classes|queues|devices|advice")) {
            object.put(name, value);
          }
        });
    object.put("classes", Numbered.list(reply, "class"));
    object.put("queues", Numbered.list(reply, "queue"));
    object.put("devices", Numbered.list(reply, "device"));
    object.put("advice", Numbered.values(reply, "advice"));
    return object;
  }

  private void show(Map<String, String> reply) {
    var terminal = surroundings.terminal();
    boolean complete = reply.getOrDefault("complete", "0").equals("1");
    terminal.line(
        complete
            ? "Files by copies that can be read:"
            : "Files by copies that can be read, of a sample of %.2f %%:"
                .formatted(100 * Double.parseDouble(reply.getOrDefault("share", "0"))));
    var classes = Numbered.list(reply, "class");
    if (classes.isEmpty()) {
      terminal.line("  there are no files");
    }
    classes.forEach(each -> showClass(terminal, each));
    terminal.line("Queues:");
    for (var queue : Numbered.list(reply, "queue")) {
      var waiting = text(queue, "waiting");
      terminal.line(
          "  %-10s %s files, %s due%s%s"
              .formatted(
                  text(queue, "name"),
                  text(queue, "rows"),
                  text(queue, "due"),
                  waiting.isEmpty() ? "" : ", the first for " + waiting + " s",
                  text(queue, "stuck").equals("0")
                      ? ""
                      : ", " + text(queue, "stuck") + " wait for a person"));
    }
    for (var device : Numbered.list(reply, "device")) {
      terminal.line(
          "dev%s on %s, %s: %s"
              .formatted(
                  text(device, "devid"),
                  text(device, "host"),
                  text(device, "status"),
                  text(device, "why")));
    }
    terminal.line("Last check of all files: " + lastCheck(reply));
    var advice = Numbered.values(reply, "advice");
    terminal.line("");
    terminal.line(advice.isEmpty() ? "Nothing is at risk." : "What to do, in this order:");
    for (int i = 0; i < advice.size(); i++) {
      terminal.line("  %d. %s".formatted(i + 1, advice.get(i)));
    }
  }

  private static String lastCheck(Map<String, String> reply) {
    var now = reply.getOrDefault("fsck_running", "0").equals("1") ? "; one is under way" : "";
    long ended = Numbered.number(reply, "fsck_last_ended");
    if (ended == 0) {
      return "none" + now;
    }
    var when = Instant.ofEpochSecond(ended).toString();
    if (!reply.containsKey("fsck_last_run")) {
      return when + now;
    }
    return "run %s, ended %s: %s, %d wrong, %d lost, %d not looked at, %d orphans%s"
        .formatted(
            reply.get("fsck_last_run"),
            when,
            Amounts.count(Numbered.number(reply, "fsck_last_checked"), "file"),
            Numbered.number(reply, "fsck_last_events"),
            Numbered.number(reply, "fsck_last_lost"),
            Numbered.number(reply, "fsck_last_stalled"),
            Numbered.number(reply, "fsck_last_orphans"),
            now);
  }

  private static void showClass(Terminal terminal, Map<String, @Nullable Object> each) {
    var counts = new StringBuilder();
    each.forEach(
        (name, files) -> {
          if (name.startsWith(COPIES)) {
            counts
                .append(counts.isEmpty() ? "" : ", ")
                .append(files)
                .append(" with ")
                .append(name.substring(COPIES.length()));
          }
        });
    terminal.line(
        "  %s/%s (wants %s): %s"
            .formatted(
                text(each, "domain"), text(each, "class"), text(each, "mindevcount"), counts));
  }
}
