package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the commands about jobs that move files have in common. */
final class MoveJobs {

  private static final Duration WATCH = Duration.ofMillis(500);
  private static final Pattern RATE = Pattern.compile("([0-9]{1,12})([kKmMgG]?)(?:B?(?:/s)?)");
  private static final String UNITS = " kmg";

  private final Surroundings surroundings;
  private final AdminOptions options;

  MoveJobs(Surroundings surroundings, AdminOptions options) {
    this.surroundings = surroundings;
    this.options = options;
  }

  /** Bytes a second: {@code 50M} is 50,000,000; powers of ten, as disks are sold. */
  static String rate(String text) {
    var matcher = RATE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new Refusal(ExitCode.USAGE, "a rate is as in 50M (bytes a second), not " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    int unit = Math.max(0, UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)));
    return Long.toString(number * (long) Math.pow(1000, matcher.group(2).isEmpty() ? 0 : unit));
  }

  /** Shows what a start would begin. */
  void plan(HayloftAdmin admin, Map<String, String> arguments) throws IOException {
    var plan = admin.ask("hayloft_move_plan", arguments);
    if (options.json()) {
      surroundings.terminal().line(Json.text(plan));
    } else {
      planLines(plan).forEach(surroundings.terminal()::line);
    }
  }

  private static List<String> planLines(Map<String, String> plan) {
    var lines = new ArrayList<String>();
    if (!plan.containsKey("mean")) {
      lines.add(
          "%s to move, about %s%s; the other devices have %s free"
              .formatted(
                  Amounts.count(number(plan, "files"), "file"),
                  Amounts.bytes((double) number(plan, "bytes")),
                  duration(plan),
                  Amounts.bytes((double) number(plan, "free"))));
      if (number(plan, "uploads") > 0) {
        lines.add(Amounts.count(number(plan, "uploads"), "upload") + " may still end there");
      }
      return lines;
    }
    lines.add(
        "mean %s%%, furthest from it %s%%, about %s in %s to move%s"
            .formatted(
                plan.get("mean"),
                plan.get("deviation"),
                Amounts.bytes((double) number(plan, "bytes")),
                Amounts.count(number(plan, "files"), "file"),
                duration(plan)));
    for (int i = 1; i <= number(plan, "devices"); i++) {
      var prefix = "dev" + i + "_";
      double total = Math.max(1, (double) number(plan, prefix + "total"));
      long used = number(plan, prefix + "used");
      long change = number(plan, prefix + "change");
      lines.add(
          String.format(
                  Locale.ROOT,
                  "  dev%s  %.1f%% -> %.1f%%  %s",
                  plan.get(prefix + "devid"),
                  100 * (double) used / total,
                  100 * (double) (used + change) / total,
                  change == 0
                      ? ""
                      : (change < 0 ? "gives " : "takes ")
                          + Amounts.bytes((double) Math.abs(change)))
              .stripTrailing());
    }
    return lines;
  }

  /** Told only where a rate was given: how fast disks are that may do what they can, none knows. */
  private static String duration(Map<String, String> plan) {
    return number(plan, "seconds") == 0
        ? ""
        : ", %s at that rate".formatted(Amounts.time(Duration.ofSeconds(number(plan, "seconds"))));
  }

  private static long number(Map<String, String> values, String name) {
    var text = values.getOrDefault(name, "");
    return text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Starts a job, and stays until it is over if that is asked for. */
  void start(HayloftAdmin admin, Map<String, String> arguments, boolean wait)
      throws IOException, InterruptedException {
    var started = admin.call("hayloft_move_start", arguments);
    var id = started.getOrDefault("job", "");
    if (wait) {
      watch(admin, id);
      return;
    }
    options.done(surroundings, new LinkedHashMap<>(started));
    if (!options.json()) {
      options.output().note(surroundings, "job " + id + " has begun: hayloft rebalance status");
    }
  }

  /** Shows how far a job is until it is over; a job that somebody ended before is a failure. */
  void watch(HayloftAdmin admin, String id) throws IOException, InterruptedException {
    var job = MoveJobInfo.one(admin, id);
    var goal =
        new Progress.Goal(job.title(), "files", job.isEven() ? 0 : job.number("files_left"), 0);
    try (var progress = options.output().progress(surroundings, goal)) {
      while (job.isActive()) {
        progress.itemsAre(job.number("files_moved"));
        surroundings.time().sleep(WATCH);
        job = MoveJobInfo.one(admin, id);
      }
      progress.itemsAre(job.number("files_moved"));
    }
    show(List.of(job));
    if (!job.state().equals("done")) {
      throw new Refusal(
          ExitCode.FAILED,
          job.note().isEmpty() ? "somebody has stopped job " + job.id() : job.note());
    }
  }

  void show(List<MoveJobInfo> jobs) {
    if (options.json()) {
      surroundings.terminal().line(Json.text(jobs.stream().map(MoveJobInfo::values).toList()));
    } else {
      jobs.forEach(job -> job.lines().forEach(surroundings.terminal()::line));
    }
  }

  /** The job of that number, or else the only one that is not over and is meant. */
  MoveJobInfo job(HayloftAdmin admin, @Nullable String id, Predicate<MoveJobInfo> meant)
      throws IOException {
    if (id != null) {
      return MoveJobInfo.one(admin, id);
    }
    var active =
        MoveJobInfo.all(admin).stream().filter(MoveJobInfo::isActive).filter(meant).toList();
    return switch (active.size()) {
      case 0 -> throw new Refusal(ExitCode.NOT_FOUND, "there is no such job that is not over");
      case 1 -> active.getFirst();
      default ->
          throw new Refusal(
              ExitCode.USAGE,
              "say which job: "
                  + String.join(", ", active.stream().map(MoveJobInfo::id).sorted().toList()));
    };
  }

  /** Sends a command about a job. */
  void tell(HayloftAdmin admin, String command, MoveJobInfo job) throws IOException {
    var _ = admin.call(command, Map.of("job", job.id()));
    options.done(surroundings, Json.object("job", job.id()));
  }
}
