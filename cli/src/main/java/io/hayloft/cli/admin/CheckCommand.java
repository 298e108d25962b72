package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Terminal;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.DeviceInfo;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.client.HostInfo;
import io.hayloft.client.UnreachableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at every tracker, host and device from here, and says what is wrong. */
@Command(
    name = "check",
    description = {
      "Check every tracker, host and device; with --files, the copies of all files.",
      "",
      "Asks the storage nodes directly, so it sees what an application here would see.",
      "The exit code is 0 when nothing is wrong, 1 when something is, 4 when no tracker answers.",
      ""
    },
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {

  private static final int PARALLEL = 16;
  private static final String RULE = "  ---- ------------ ---------- ---------- ---------- ------";

  private final Surroundings surroundings;

  @Option(
      names = "--files",
      description = "Go through all files as well, and count those that lack copies.")
  private boolean withFiles;

  @Mixin private AdminOptions options = new AdminOptions();

  private final List<String> problems = new ArrayList<>();

  CheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What came of one look: a sentence for failure, empty text for success. */
  private record Look<T>(T subject, String failure, UsageFile usage) {
    boolean failed() {
      return !failure.isEmpty();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    problems.clear();
    try (var admin = options.open(surroundings)) {
      var result = Json.object();
      result.put("trackers", trackers(admin));
      var registry = Registry.of(admin);
      result.put("hosts", hosts(admin, registry));
      result.put("devices", devices(admin, registry));
      if (withFiles) {
        result.put("files", files(admin));
      }
      result.put("problems", List.copyOf(problems));
      finish(result);
    }
    return problems.isEmpty() ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }

  private void finish(Map<String, @Nullable Object> result) {
    if (options.json()) {
      surroundings.terminal().line(Json.text(result));
      return;
    }
    say("");
    say(problems.isEmpty() ? "Nothing is wrong." : "Wrong:");
    problems.forEach(problem -> say("  " + problem));
  }

  private void say(String line) {
    if (!options.json()) {
      surroundings.terminal().announce(line);
    }
  }

  private List<Map<String, @Nullable Object>> trackers(HayloftAdmin admin) throws IOException {
    say("Checking trackers...");
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    HayloftException last = null;
    int answered = 0;
    for (var tracker : admin.trackers()) {
      boolean ok = true;
      try {
        admin.ping(tracker);
        answered++;
      } catch (HayloftException e) {
        ok = false;
        last = e;
        problems.add("tracker %s does not answer: is it running?".formatted(tracker));
      }
      say("  %s ... %s".formatted(tracker, ok ? "OK" : "REQUEST FAILURE (is the tracker up?)"));
      objects.add(Json.object("tracker", tracker.toString(), "ok", ok));
    }
    if (answered == 0 && last instanceof UnreachableException) {
      throw last;
    }
    say("");
    return objects;
  }

  private List<Map<String, @Nullable Object>> hosts(HayloftAdmin admin, Registry registry)
      throws InterruptedException {
    say("Checking hosts...");
    var looks = surroundings.tasks().forEach(registry.hosts(), PARALLEL, host -> look(admin, host));
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    for (var look : looks) {
      var host = look.subject();
      boolean skipped = !isUsed(host);
      var verdict =
          skipped
              ? "skipping; status = " + host.status()
              : look.failed() ? "REQUEST FAILURE FETCHING: " + look.failure() : "OK";
      if (!skipped && look.failed()) {
        problems.add(
            "host %s does not answer: is its storage node running? Else mark it down"
                .formatted(host.name()));
      }
      say("  [%2d] %s ... %s".formatted(host.id(), host.name(), verdict));
      objects.add(
          Json.object(
              "hostid", host.id(),
              "hostname", host.name(),
              "status", host.status(),
              "ok", !skipped && !look.failed()));
    }
    say("");
    return objects;
  }

  private static boolean isUsed(HostInfo host) {
    return host.status().equals("alive") || host.status().equals("readonly");
  }

  private static Look<HostInfo> look(HayloftAdmin admin, HostInfo host) {
    if (!isUsed(host)) {
      return new Look<>(host, "not asked", new UsageFile(Map.of()));
    }
    try {
      admin.fetch(host, "/");
      return new Look<>(host, "", new UsageFile(Map.of()));
    } catch (IOException e) {
      return new Look<>(host, String.valueOf(e.getMessage()), new UsageFile(Map.of()));
    }
  }

  private List<Map<String, @Nullable Object>> devices(HayloftAdmin admin, Registry registry)
      throws InterruptedException {
    say("Checking devices...");
    say("  host device         size(G)    used(G)    free(G)   use%   ob state   I/O%");
    say(RULE.replaceFirst("$", " ---------- -----"));
    var asked =
        registry.hosts().stream()
            .filter(CheckCommand::isUsed)
            .flatMap(host -> registry.devicesOf(host).stream())
            .filter(device -> !device.status().equals("dead") && !device.status().equals("down"))
            .toList();
    var looks =
        surroundings.tasks().forEach(asked, PARALLEL, device -> look(admin, registry, device));
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    double total = 0;
    double used = 0;
    double free = 0;
    for (var look : looks) {
      show(look, registry);
      objects.add(json(look, registry));
      if (!look.failed()) {
        total += look.usage().gib("total");
        used += look.usage().gib("used");
        free += look.usage().gib("available");
      }
    }
    say(RULE);
    say(line("             total:", total, used, free));
    unused(admin);
    return objects;
  }

  /** Devices that answer and are not used all the same: their disks are not theirs, bad or full. */
  private void unused(HayloftAdmin admin) {
    var full = new ArrayList<String>();
    try {
      var reply = admin.ask("get_devices", Map.of());
      reply.forEach(
          (name, value) -> {
            var device = "dev" + reply.getOrDefault(name.replaceFirst("_.*", "_devid"), "?");
            if (name.matches("dev[0-9]+_refused")) {
              problems.add("%s is not used: %s".formatted(device, value));
            } else if (name.matches("dev[0-9]+_distrusted")) {
              problems.add(
                  "%s takes no new files: %s: check the disk, then POST /-/check (see: hayloft risk)"
                      .formatted(device, value));
            } else if (name.matches("dev[0-9]+_full")) {
              full.add(device);
            }
          });
    } catch (HayloftException e) {
      problems.add("the trackers do not tell of their devices: " + e.getMessage());
    }
    if (!full.isEmpty()) {
      problems.add(
          "too little free space for new files: %s (see: hayloft risk)"
              .formatted(String.join(", ", full)));
    }
  }

  private static Look<DeviceInfo> look(HayloftAdmin admin, Registry registry, DeviceInfo device) {
    var host = registry.host(registry.hostOf(device));
    var path = "/dev" + device.id().value() + "/usage";
    var url = "http://" + host.address().ip() + ":" + host.address().port() + path;
    try {
      var usage = UsageFile.parse(admin.fetch(host, path));
      var failure =
          usage.values().isEmpty()
              ? "USAGE FILE BROKEN OR EMPTY: " + url
              : usage
                  .missing()
                  .map(name -> "MISSING FIELD (" + name + ") FROM USAGE FILE: " + url)
                  .orElse("");
      return new Look<>(device, failure, usage);
    } catch (IOException e) {
      return new Look<>(device, "REQUEST FAILURE FETCHING: " + url, new UsageFile(Map.of()));
    }
  }

  private void show(Look<DeviceInfo> look, Registry registry) {
    var device = look.subject();
    var name = "  [%2d] %-12s".formatted(device.hostId(), "dev" + device.id().value());
    if (look.failed()) {
      say(name + " " + look.failure());
      problems.add(
          "device dev%d of host %s: %s"
              .formatted(device.id().value(), registry.hostOf(device), look.failure()));
      return;
    }
    var state = device.observation().state().orElse("N/A");
    if (device.status().equals("alive") && !state.equals("writeable")) {
      problems.add(
          "device dev%d of host %s is alive, but the tracker sees it as %s"
              .formatted(device.id().value(), registry.hostOf(device), state));
    }
    say(
        line(
                name,
                look.usage().gib("total"),
                look.usage().gib("used"),
                look.usage().gib("available"))
            + " %10s %5s".formatted(state, device.observation().utilization().orElse("N/A")));
  }

  private static String line(String name, double total, double used, double free) {
    return String.format(
        Locale.ROOT,
        "%-19s %10.3f %10.3f %10.3f %6.2f%%",
        name,
        total,
        used,
        free,
        total > 0 ? 100 * used / total : 0);
  }

  private static Map<String, @Nullable Object> json(Look<DeviceInfo> look, Registry registry) {
    var device = look.subject();
    return Json.object(
        "devid", device.id().value(),
        "hostname", registry.hostOf(device),
        "status", device.status(),
        "ok", !look.failed(),
        "failure", look.failed() ? look.failure() : null,
        "bytes_total", look.usage().kib("total") * 1024,
        "bytes_used", look.usage().kib("used") * 1024,
        "bytes_available", look.usage().kib("available") * 1024,
        "observed_state", device.observation().state().orElse(null),
        "utilization", device.observation().utilization().orElse(null));
  }

  private List<Map<String, @Nullable Object>> files(HayloftAdmin admin) throws IOException {
    say("");
    say("Checking files...");
    var goal = Progress.Goal.items("files", "files", 0);
    try (var bar = options.output().progress(surroundings, goal)) {
      var survey = FileSurvey.of(admin, bar);
      bar.end();
      Terminal terminal = surroundings.terminal();
      if (!options.json()) {
        SurveyTable.RISK.lines(survey.lines()).forEach(line -> terminal.line("  " + line));
      }
      risk(survey.withoutCopies(), "without any copy: hayloft fsck searches all disks for them");
      risk(survey.withOneCopy(), "with one copy only: one more broken disk would lose them");
      risk(survey.withTooFew(), "with fewer copies than their class asks for");
      return survey.lines().stream().map(FileSurvey.Line::json).toList();
    }
  }

  private void risk(long count, String what) {
    if (count > 0) {
      problems.add(Amounts.count(count, "file") + " " + what);
    }
  }
}
