package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Table;
import io.hayloft.cli.console.Terminal;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What came of a run of the check, for people and for programs. */
final class FsckReport {

  private static final String COUNT = "num_";
  private static final int LATEST = 1;

  private FsckReport() {}

  /** The newest run; nothing where there is none, or the tracker knows nothing of runs. */
  static Map<String, String> newest(HayloftAdmin admin) throws IOException {
    var runs = runs(admin, LATEST);
    return runs.isEmpty() ? Map.of() : runs.getFirst();
  }

  /** The newest runs, newest first. */
  static List<Map<String, String>> runs(HayloftAdmin admin, int most) throws IOException {
    Map<String, String> reply;
    try {
      reply = admin.ask("hayloft_fsck_runs", Map.of("limit", Integer.toString(most)));
    } catch (HayloftException e) {
      if (e.code().equals(Optional.of("unknown_command"))) {
        return List.of();
      }
      throw e;
    }
    var runs = new ArrayList<Map<String, String>>();
    long count = number(reply, "run_count");
    for (int i = 1; i <= count; i++) {
      var prefix = "run_" + i + "_";
      var run = new TreeMap<String, String>();
      reply.forEach(
          (name, value) -> {
            if (name.startsWith(prefix)) {
              run.put(name.substring(prefix.length()), value);
            }
          });
      runs.add(run);
    }
    return runs;
  }

  /** What a run is restricted to; empty for one as usual over everything. */
  static Optional<String> terms(Map<String, String> run, String prefix) {
    var words = new ArrayList<String>();
    var depth = run.getOrDefault(prefix + "depth", "as-set");
    switch (depth) {
      case "quick" -> words.add("lengths only");
      case "full" -> words.add("all contents");
      default -> {}
    }
    for (var name : List.of("domain", "class", "devid")) {
      var value = run.getOrDefault(prefix + name, "");
      if (!value.isEmpty()) {
        words.add(name + " " + value);
      }
    }
    long rate = number(run, prefix + "rate");
    if (rate > 0) {
      words.add("at most " + Amounts.bytes((double) rate) + "/s of each device");
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
  }

  static void list(Terminal terminal, boolean json, List<Map<String, String>> runs) {
    new Table<Map<String, String>>()
        .numbers("run", "run", run -> number(run, "run"))
        .words("started", "started", run -> time(run, "started"))
        .words("asked by", "asked_by", run -> run.get("asked_by"))
        .words("depth", "depth", run -> run.get("depth"))
        .words("outcome", "outcome", run -> run.get("outcome"))
        .numbers("checked", "checked", run -> number(run, "checked"))
        .numbers("wrong", "events", FsckReport::events)
        .numbers("lost", "lost", run -> number(run, "lost"))
        .numbers("orphans", "orphans_found", run -> number(run, "orphans_found"))
        .numbers("stalled", "stalled", run -> number(run, "stalled"))
        .numbers("seconds", "seconds", run -> number(run, "seconds"))
        .show(terminal, json, runs);
  }

  private static long events(Map<String, String> run) {
    return counts(run).values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Long> counts(Map<String, String> run) {
    var counts = new TreeMap<String, Long>();
    for (var name : run.keySet()) {
      if (name.startsWith(COUNT)) {
        counts.put(name.substring(COUNT.length()), number(run, name));
      }
    }
    return counts;
  }

  /** A report with all the files that are lost. */
  static void show(Terminal terminal, boolean json, HayloftAdmin admin, String run)
      throws IOException {
    if (run.isEmpty() && newest(admin).isEmpty()) {
      throw new Refusal(ExitCode.NOT_FOUND, "there was no check yet: hayloft fsck start");
    }
    var arguments = new TreeMap<String, String>();
    if (!run.isEmpty()) {
      arguments.put("run", run);
    }
    var report = admin.ask("hayloft_fsck_report", arguments);
    var lost = new ArrayList<Map<String, String>>(lost(report));
    arguments.put("run", report.getOrDefault("run", run));
    var page = report;
    while (number(page, "lost_count") > 0) {
      arguments.put("after", lost.getLast().getOrDefault("fid", "0"));
      page = admin.ask("hayloft_fsck_report", arguments);
      lost.addAll(lost(page));
    }
    if (json) {
      terminal.line(Json.text(object(report, lost)));
    } else {
      lines(report, lost).forEach(terminal::line);
    }
  }

  private static List<Map<String, String>> lost(Map<String, String> report) {
    var lost = new ArrayList<Map<String, String>>();
    long count = number(report, "lost_count");
    for (int i = 1; i <= count; i++) {
      var file = new LinkedHashMap<String, String>();
      for (var name : List.of("fid", "domain", "key")) {
        file.put(name, report.getOrDefault("lost_" + i + "_" + name, ""));
      }
      lost.add(file);
    }
    return lost;
  }

  private static Map<String, Object> object(
      Map<String, String> report, List<Map<String, String>> lost) {
    var object = new LinkedHashMap<String, Object>();
    for (var name : List.of("run", "asked_by", "host", "depth", "domain", "class", "devid")) {
      object.put(name, report.getOrDefault(name, ""));
    }
    object.put("outcome", report.getOrDefault("outcome", ""));
    for (var name :
        List.of(
            "takeovers",
            "rate",
            "started",
            "ended",
            "seconds",
            "first_fid",
            "last_fid",
            "checked",
            "stalled",
            "lost",
            "orphans_found",
            "orphans_adopted",
            "orphans_quarantined")) {
      object.put(name, number(report, name));
    }
    object.put("files_per_second", Double.valueOf(report.getOrDefault("files_per_second", "0")));
    object.put("events", counts(report));
    object.put("lost_files", lost);
    return object;
  }

  private static List<String> lines(Map<String, String> report, List<Map<String, String>> lost) {
    var lines = new ArrayList<String>();
    lines.add("       Run: " + report.get("run") + ", asked by " + report.get("asked_by"));
    terms(report, "").ifPresent(text -> lines.add("     Terms: " + text));
    var outcome = report.getOrDefault("outcome", "");
    long takeovers = number(report, "takeovers");
    lines.add(
        "   Outcome: "
            + outcome
            + (takeovers > 0
                ? ", taken over by " + report.get("host")
                : " on " + report.get("host")));
    lines.add(
        "      Time: %s, %s (%s files/s)"
            .formatted(
                time(report, "started"),
                Amounts.time(Duration.ofSeconds(number(report, "seconds"))),
                report.get("files_per_second")));
    lines.add("   Checked: " + Amounts.count(number(report, "checked"), "file"));
    lines.add("   Stalled: " + Amounts.count(number(report, "stalled"), "file"));
    lines.add(
        "   Orphans: %s found, %s adopted, %s in quarantine"
            .formatted(
                Amounts.count(number(report, "orphans_found")),
                Amounts.count(number(report, "orphans_adopted")),
                Amounts.count(number(report, "orphans_quarantined"))));
    counts(report).forEach((code, count) -> lines.add(" [num_" + code + "]: " + count));
    lines.add("      Lost: " + Amounts.count(number(report, "lost"), "file"));
    for (var file : lost) {
      lines.add(
          "        %s %s (fid %s)".formatted(file.get("domain"), file.get("key"), file.get("fid")));
    }
    return lines;
  }

  private static String time(Map<String, String> run, String name) {
    long seconds = number(run, name);
    return seconds == 0 ? "-" : Instant.ofEpochSecond(seconds).toString();
  }

  static long number(Map<String, String> values, String name) {
    var text = values.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
