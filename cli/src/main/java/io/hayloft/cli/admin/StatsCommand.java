package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Table;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.client.JobInfo;
import io.hayloft.client.TimeSpent;
import io.hayloft.client.TrackerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counters of the trackers, space by host, and with {@code --files} what is stored. */
@Command(
    name = "stats",
    description = {
      "Show what the trackers do, the space by host, and (--files) how much is stored.",
      ""
    },
    sortOptions = false)
final class StatsCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Option(names = "--files", description = "Go through all files and sum them up by class.")
  private boolean withFiles;

  @Mixin private AdminOptions options = new AdminOptions();

  StatsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What one tracker says of itself. */
  private record Report(
      TrackerAddress tracker,
      String version,
      Map<String, Long> counters,
      List<JobInfo> jobs,
      List<TimeSpent> times) {}

  @Override
  public Integer call() throws IOException {
    try (var admin = options.open(surroundings)) {
      var registry = Registry.of(admin);
      var reports = reports(admin);
      if (options.json()) {
        surroundings.terminal().line(Json.text(json(admin, reports)));
        return 0;
      }
      reports.forEach(this::show);
      say("Statistics for devices...");
      new DeviceLists(surroundings.terminal(), registry)
          .summary(Set.of("alive", "readonly", "drain"), null, false);
      if (withFiles) {
        var survey = survey(admin);
        say("");
        say("Statistics for file ids...");
        say("  Max file id: " + survey.highestFid());
        say("");
        say("Statistics for files...");
        SurveyTable.SIZE.show(surroundings.terminal(), false, survey.lines());
      }
    }
    return 0;
  }

  private void say(String line) {
    surroundings.terminal().line(line);
  }

  private List<Report> reports(HayloftAdmin admin) {
    var reports = new ArrayList<Report>();
    for (var address : admin.trackers()) {
      try {
        var console = admin.console(address);
        reports.add(
            new Report(
                address, console.version(), console.stats(), console.jobs(), console.times()));
      } catch (HayloftException e) {
        surroundings.terminal().note("hayloft: " + e.getMessage());
      }
    }
    return reports;
  }

  private void show(Report report) {
    say("Tracker %s, version %s".formatted(report.tracker(), report.version()));
    report.counters().forEach((name, value) -> say("  %-28s %,d".formatted(name, value)));
    say("");
    new Table<JobInfo>()
        .words("job", "job", JobInfo::name)
        .numbers("count", "count", JobInfo::count)
        .numbers("desired", "desired", JobInfo::desired)
        .lines(report.jobs())
        .forEach(line -> say("  " + line));
    say("");
    for (var kind : List.of("command", "statement")) {
      TimesTable.lines(kind, report.times()).forEach(line -> say("  " + line));
      say("");
    }
  }

  private FileSurvey survey(HayloftAdmin admin) throws IOException {
    var goal = Progress.Goal.items("files", "files", 0);
    try (var bar = options.output().progress(surroundings, goal)) {
      return FileSurvey.of(admin, bar);
    }
  }

  private Map<String, @Nullable Object> json(HayloftAdmin admin, List<Report> reports)
      throws IOException {
    var result = Json.object("trackers", reports.stream().map(StatsCommand::json).toList());
    if (withFiles) {
      var survey = survey(admin);
      result.put("max_fid", survey.highestFid());
      result.put("files", survey.lines().stream().map(FileSurvey.Line::json).toList());
    }
    return result;
  }

  private static Map<String, @Nullable Object> json(Report report) {
    return Json.object(
        "tracker", report.tracker().toString(),
        "version", report.version(),
        "counters", report.counters(),
        "jobs",
            report.jobs().stream()
                .map(
                    job ->
                        Json.object(
                            "job", job.name(), "count", job.count(), "desired", job.desired()))
                .toList(),
        "times", report.times().stream().map(TimesTable::json).toList());
  }
}
