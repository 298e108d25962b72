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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moving copies from some devices to others. */
@Command(
    name = "rebalance",
    description = {
      "Move copies between devices: until all are about equally full, or by a policy.",
      "",
      "  hayloft rebalance even --dry-run          what would be moved",
      "  hayloft rebalance even --rate 50M --wait",
      "  hayloft rebalance status",
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

  @Command(
      name = "even",
      description = {
        "Move files until all devices are about equally full.",
        "",
        "It goes on in the background; status shows how far it is. See also: device drain",
        ""
      })
  void even(
      @Option(
              names = "--threshold",
              paramLabel = "PERCENT",
              defaultValue = "2%",
              description = "How far from the mean is near enough; default ${DEFAULT-VALUE}.")
          String threshold,
      @Option(
              names = "--rate",
              paramLabel = "BYTES",
              description = "At most so many bytes a second, as in 50M; no limit by default.")
          @Nullable String rate,
      @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only its files.")
          @Nullable String domain,
      @Option(names = "--class", paramLabel = "CLASS", description = "Only files of that class.")
          @Nullable String fileClass,
      @Option(names = "--dry-run", description = "Show what would be moved, and move nothing.")
          boolean dryRun,
      @Option(names = "--wait", description = "Show the progress until it is over.") boolean wait,
      @Mixin AdminOptions options)
      throws IOException, InterruptedException {
    var arguments = new LinkedHashMap<String, String>();
    arguments.put("kind", "even");
    arguments.put("threshold", threshold.replaceFirst("%$", ""));
    put(arguments, "rate", rate == null ? null : MoveJobs.rate(rate));
    put(arguments, "domain", domain);
    put(arguments, "class", fileClass);
    try (var admin = options.open(surroundings)) {
      var jobs = new MoveJobs(surroundings, options);
      if (dryRun) {
        jobs.plan(admin, arguments);
      } else {
        jobs.start(admin, arguments, wait);
      }
    }
  }

  private static void put(Map<String, String> arguments, String name, @Nullable String value) {
    if (value != null) {
      arguments.put(name, value);
    }
  }

  @Command(name = "pause", description = "Hold a job that moves files.")
  void pause(
      @Parameters(paramLabel = "JOB", arity = "0..1", description = "Its number, if several run.")
          @Nullable String job,
      @Mixin AdminOptions options)
      throws IOException {
    tell(options, "hayloft_move_pause", job);
  }

  @Command(name = "resume", description = "Let a job that is held go on.")
  void resume(
      @Parameters(paramLabel = "JOB", arity = "0..1", description = "Its number, if several run.")
          @Nullable String job,
      @Mixin AdminOptions options)
      throws IOException {
    tell(options, "hayloft_move_resume", job);
  }

  private void tell(AdminOptions options, String command, @Nullable String job) throws IOException {
    try (var admin = options.open(surroundings)) {
      var jobs = new MoveJobs(surroundings, options);
      jobs.tell(admin, command, jobs.job(admin, job, each -> true));
    }
  }

  @Command(name = "limit", description = "Change how fast a job copies while it runs.")
  void limit(
      @Parameters(index = "0", paramLabel = "JOB", description = "Its number.") String job,
      @Parameters(
              index = "1",
              paramLabel = "BYTES",
              description = "At most so many a second, as in 50M; 0 for no limit.")
          String rate,
      @Mixin AdminOptions options)
      throws IOException {
    change(options, "hayloft_move_limit", Map.of("job", job, "rate", MoveJobs.rate(rate)));
  }

  @Command(
      name = "stop",
      description = "Stop the rebalance by policy after the batch at hand, or else a job.")
  void stop(
      @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job to be stopped.")
          @Nullable String job,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      boolean byPolicy = job == null && (isRunning(admin) || !isEvenActive(admin));
      if (byPolicy) {
        options.done(surroundings, new LinkedHashMap<>(admin.call("rebalance_stop", Map.of())));
      } else {
        var jobs = new MoveJobs(surroundings, options);
        jobs.tell(admin, "hayloft_move_stop", jobs.job(admin, job, MoveJobInfo::isEven));
      }
    }
  }

  private static boolean isEvenActive(HayloftAdmin admin) throws IOException {
    return MoveJobInfo.all(admin).stream().anyMatch(job -> job.isEven() && job.isActive());
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

  @Command(name = "status", description = "Show how far jobs and the rebalance by policy are.")
  void status(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var jobs = MoveJobInfo.all(admin);
      boolean running = isRunning(admin);
      boolean byPolicy = running || jobs.isEmpty() || admin.setting("rebal_state").isPresent();
      var state =
          byPolicy
              ? state(admin.ask("rebalance_status", Map.of()).getOrDefault("state", ""))
              : Map.<String, String>of();
      var terminal = surroundings.terminal();
      if (options.json()) {
        terminal.line(
            Json.text(
                Json.object(
                    "running",
                    running,
                    "state",
                    state,
                    "jobs",
                    jobs.stream().map(MoveJobInfo::values).toList())));
        return;
      }
      new MoveJobs(surroundings, options).show(jobs);
      if (byPolicy) {
        terminal.line(running ? "Rebalance is running" : "Rebalance is stopped");
        terminal.line("Rebalance status:");
        state.forEach((name, value) -> terminal.line("%25s = %s".formatted(name, value)));
      }
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
