package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
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
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The check of all files against what is on the disks. */
@Command(
    name = "fsck",
    description = {
      "Check all files against the disks, and repair.",
      "",
      "  hayloft fsck reset && hayloft fsck start      from the first file on",
      "  hayloft fsck watch                            until it is over",
      "  hayloft fsck start --checksums                from the first file on, with all contents",
      "  hayloft fsck report                           what came of it",
      ""
    })
final class FsckCommand implements Runnable {

  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final long TAIL = 20;
  private static final String CHECKED = "fids_checked";
  private static final String FROM = "start_fid";

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  FsckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  /** What a run is to look at; a run that is told so begins at the first file. */
  static final class Terms {

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "Files of this domain only.")
    private String domain = "";

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "Files of this class of the domain only.")
    private String fileClass = "";

    @Option(
        names = "--device",
        paramLabel = "DEVID",
        description = "Files on this device only, and what it has beyond them.")
    private String device = "";

    @Option(names = "--policy-only", description = "Look at the database only, not at disks.")
    private boolean policyOnly;

    @Option(names = "--quick", description = "Look at lengths only, whatever fsck_checksum says.")
    private boolean quick;

    @Option(names = "--checksums", description = "Read all contents and compare all digests.")
    private boolean checksums;

    @Option(
        names = "--rate",
        paramLabel = "BYTES",
        description = "Read at most so many bytes a second of each device.")
    private String rate = "";

    Map<String, String> arguments() {
      var arguments = new TreeMap<String, String>();
      put(arguments, "domain", domain);
      put(arguments, "class", fileClass);
      put(arguments, "devid", device);
      put(arguments, "rate", rate);
      put(arguments, "policy_only", policyOnly ? "1" : "");
      put(arguments, "checksums", checksums ? "1" : quick ? "0" : "");
      return arguments;
    }

    private static void put(Map<String, String> arguments, String name, String value) {
      if (!value.isEmpty()) {
        arguments.put(name, value);
      }
    }
  }

  @Command(
      name = "start",
      description = {
        "Start, or go on after stop. With any option a new run begins at the first file.",
        ""
      })
  void start(@Mixin Terms terms, @Mixin AdminOptions options) throws IOException {
    var arguments = terms.arguments();
    change(options, arguments.isEmpty() ? "fsck_start" : "hayloft_fsck_start", arguments);
  }

  @Command(name = "stop", description = "Stop; start goes on from there.")
  void stop(@Mixin AdminOptions options) throws IOException {
    change(options, "fsck_stop", Map.of());
  }

  @Command(name = "clearlog", description = "Empty the log.")
  void clearlog(@Mixin AdminOptions options) throws IOException {
    change(options, "fsck_clearlog", Map.of());
  }

  @Command(name = "reset", description = "Begin anew at the first file.")
  void reset(
      @Option(names = "--policy-only", description = "Look at the database only, not at disks.")
          boolean policyOnly,
      @Option(
              names = "--startpos",
              paramLabel = "FID",
              defaultValue = "0",
              description = "Begin behind this fid.")
          long startpos,
      @Mixin AdminOptions options)
      throws IOException {
    change(
        options,
        "fsck_reset",
        Map.of("policy_only", policyOnly ? "1" : "0", "startpos", Long.toString(startpos)));
  }

  private void change(AdminOptions options, String command, Map<String, String> arguments)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      options.done(surroundings, new LinkedHashMap<>(admin.call(command, arguments)));
    }
  }

  @Command(name = "status", description = "Show how far it has come and what it found.")
  void status(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var status = ask(admin);
      if (options.json()) {
        surroundings.terminal().line(Json.text(status));
      } else {
        statusLines(status).forEach(surroundings.terminal()::line);
      }
    }
  }

  /** The status, with what tells how fast it goes: settings that the status does not show. */
  private static Map<String, String> ask(HayloftAdmin admin) throws IOException {
    var status = new TreeMap<>(admin.ask("fsck_status", Map.of()));
    for (var setting : List.of(CHECKED, FROM)) {
      status.put(setting, admin.setting("fsck_" + setting).orElse("0"));
    }
    FsckReport.newest(admin).forEach((name, value) -> status.put("run_" + name, value));
    return status;
  }

  @Command(name = "watch", description = "Show how far it has come until it is over.")
  void watch(@Mixin AdminOptions options) throws IOException, InterruptedException {
    try (var admin = options.open(surroundings)) {
      var status = ask(admin);
      long from = number(status, FROM);
      var goal = Progress.Goal.items("fsck", "fids", Math.max(0, number(status, "end_fid") - from));
      try (var progress = Progress.start(surroundings.terminal(), surroundings.time(), goal)) {
        while (status.getOrDefault("running", "0").equals("1")) {
          progress.itemsAre(Math.max(0, number(status, "max_fid_checked") - from));
          surroundings.time().sleep(WATCH);
          status = ask(admin);
        }
        progress.itemsAre(Math.max(0, number(status, "max_fid_checked") - from));
      }
      statusLines(status).forEach(surroundings.terminal()::line);
    }
  }

  static List<String> statusLines(Map<String, String> status) {
    boolean running = status.getOrDefault("running", "0").equals("1");
    long at = number(status, "max_fid_checked");
    long end = number(status, "end_fid");
    var lines = new ArrayList<String>();
    lines.add(
        "    Running: " + (running ? "Yes (on " + status.getOrDefault("host", "?") + ")" : "No"));
    double percent = end == 0 ? 100 : 100.0 * Math.min(at, end) / end;
    lines.add(
        String.format(
            Locale.ROOT, "     Status: %d / %d (%.2f%%)", Math.min(at, end), end, percent));
    pace(status, running).ifPresent(text -> lines.add("       Time: " + text));
    lines.add(
        " Check Type: "
            + (status.getOrDefault("policy_only", "0").equals("1")
                ? "Repl policy only (skip file checks)"
                : "Normal (check policy + files)"));
    FsckReport.terms(status, "run_").ifPresent(text -> lines.add("      Terms: " + text));
    lines.add("");
    status.forEach(
        (name, value) -> {
          if (name.startsWith("num_")) {
            lines.add(" [" + name + "]: " + value);
          }
        });
    return lines;
  }

  /**
   * Files a second: of late where the tracker tells that, otherwise since the start, from those
   * that were checked or, of a tracker that does not count them, the numbers that were passed. What
   * remains goes by numbers, since nobody knows how many files are among them.
   */
  private static Optional<String> pace(Map<String, String> status, boolean running) {
    long started = number(status, "start_time");
    long now = number(status, running ? "current_time" : "stop_time");
    if (started == 0 || now < started) {
      return Optional.empty();
    }
    var spent = Duration.ofSeconds(now - started);
    long end = number(status, "end_fid");
    long at = Math.min(number(status, "max_fid_checked"), end);
    long passed = Math.max(0, at - number(status, FROM));
    long checked = number(status, CHECKED);
    double rate = Amounts.rate((double) (checked > 0 ? checked : passed), spent);
    double fids = Amounts.rate((double) passed, spent);
    if (running && speed(status, "run_speed_fids") > 0) {
      rate = speed(status, "run_speed_files");
      fids = speed(status, "run_speed_fids");
    }
    var text = String.format(Locale.ROOT, "%dm (%.0f fids/s", spent.toMinutes(), rate);
    if (running && fids > 0 && end > at) {
      text += String.format(Locale.ROOT, "; %.0fm remain", (end - at) / fids / 60);
    }
    return Optional.of(text + ")");
  }

  private static double speed(Map<String, String> status, String name) {
    var text = status.getOrDefault(name, "");
    return text.matches("[0-9]{1,12}(\\.[0-9]{1,6})?") ? Double.parseDouble(text) : 0;
  }

  private static long number(Map<String, String> values, String name) {
    return FsckReport.number(values, name);
  }

  @Command(name = "report", description = "Show what came of a run.")
  void report(
      @Parameters(
              paramLabel = "RUN",
              arity = "0..1",
              defaultValue = "",
              description = "Its number; the newest otherwise.")
          String run,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      FsckReport.show(surroundings.terminal(), options.json(), admin, run);
    }
  }

  @Command(name = "runs", description = "List the runs, newest first.")
  void runs(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "So many at most.")
          int limit,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      FsckReport.list(surroundings.terminal(), options.json(), FsckReport.runs(admin, limit));
    }
  }

  @Command(name = "printlog", description = "Print all of the log.")
  void printlog(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      heading(options);
      print(admin, options, 0);
    }
  }

  @Command(name = "taillog", description = "Print the end of the log, and what comes, for ever.")
  void taillog(@Mixin AdminOptions options) throws IOException, InterruptedException {
    try (var admin = options.open(surroundings)) {
      long newest = number(admin.ask("fsck_status", Map.of()), "max_logid");
      long after = Math.max(0, newest - TAIL);
      heading(options);
      while (!surroundings.terminal().isDeaf()) {
        after = print(admin, options, after);
        surroundings.terminal().flush();
        surroundings.time().sleep(POLL);
      }
    }
  }

  private void heading(AdminOptions options) {
    if (!options.json()) {
      surroundings
          .terminal()
          .line("%-12s %-6s %12s %8s".formatted("unixtime", "event", "fid", "devid"));
    }
  }

  /** Prints what is behind that entry and returns the last one's number. */
  private long print(HayloftAdmin admin, AdminOptions options, long after) throws IOException {
    long last = after;
    while (true) {
      var rows = admin.ask("fsck_getlog", Map.of("after_logid", Long.toString(last)));
      long count = number(rows, "row_count");
      if (count == 0 || surroundings.terminal().isDeaf()) {
        return last;
      }
      for (int i = 1; i <= count; i++) {
        var prefix = "row_" + i + "_";
        surroundings.terminal().line(line(rows, prefix, options.json()));
        last = Math.max(last, number(rows, prefix + "logid"));
      }
    }
  }

  private static String line(Map<String, String> rows, String prefix, boolean json) {
    if (json) {
      return Json.text(
          Json.object(
              "logid", number(rows, prefix + "logid"),
              "unixtime", number(rows, prefix + "utime"),
              "event", rows.get(prefix + "evcode"),
              "fid", number(rows, prefix + "fid"),
              "devid", rows.get(prefix + "devid")));
    }
    return "%-12s %-6s %12s %8s"
        .formatted(
            rows.getOrDefault(prefix + "utime", "-"),
            rows.getOrDefault(prefix + "evcode", "-"),
            rows.getOrDefault(prefix + "fid", "-"),
            rows.getOrDefault(prefix + "devid", "-"));
  }
}
