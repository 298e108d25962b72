package io.hayloft.bench.growth;

import io.hayloft.bench.call.Premises;
import io.hayloft.bench.call.Repeats;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run growth}: what becomes of reads and uploads when there are millions of files. */
@Command(
    name = "growth",
    description = {
      "Measure how an installation does with ever more files: bytes in the database, reads through",
      "the tracker, uploads through its store, with keys at random and in their order.",
      "",
      "Starts an embedded database with durable commits, one tracker without background jobs and",
      "three storage nodes; files are rows only, two copies each. Every answer is checked, and so"
          + " is",
      "that reads write nothing to the database; a wrong answer or a row that a read has written",
      "ends the measurement.",
      ""
    },
    footer = {
      "",
      "  bench/run growth --files 10000,100000               a first impression",
      "  bench/run growth --buffer-pool 512M,64M             also indexes that do not fit into"
          + " memory",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class GrowthCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Premises premises = new Premises();

  @Mixin private Repeats repeats = new Repeats(5, 3, 20);

  @Option(
      names = "--files",
      split = ",",
      paramLabel = "<n>",
      defaultValue = "100000,1000000,10000000",
      description = "How many files there are, one after the other. Default: ${DEFAULT-VALUE}.")
  private List<Long> files = new ArrayList<>();

  @Option(
      names = "--buffer-pool",
      split = ",",
      paramLabel = "<size>",
      defaultValue = "512M",
      description = {
        "How much memory the database has, such as 512M; of several each is measured with.",
        "Default: ${DEFAULT-VALUE}."
      })
  private List<String> bufferPools = new ArrayList<>();

  @Option(
      names = "--database-options",
      split = " ",
      paramLabel = "<options>",
      description = "Further options of the database: --innodb-log-file-size=1G.")
  private List<String> databaseOptions = new ArrayList<>();

  @Option(
      names = "--readers",
      paramLabel = "<n>",
      defaultValue = "8",
      description = "Over how many connections is read. Default: ${DEFAULT-VALUE}.")
  private int readers;

  @Option(
      names = "--writers",
      paramLabel = "<n>",
      defaultValue = "128",
      description = "How many clients store files. Default: ${DEFAULT-VALUE}.")
  private int writers;

  @Option(
      names = "--leave",
      paramLabel = "<gigabytes>",
      defaultValue = "10",
      description = "What of that disk is to stay free. Default: ${DEFAULT-VALUE}.")
  private long leave;

  @Option(names = "--plot", paramLabel = "<file>", description = "Also draw the results, as PNG.")
  private @Nullable Path plot;

  @Override
  public Integer call() throws Exception {
    var settings = settings();
    checkRoom();
    var report = new GrowthReport(machine(settings));
    try (var disk = premises.scratch();
        var tasks = Tasks.virtual();
        var cluster = Cluster.start(cluster(disk.path()), Time.system());
        var growing = new Growing(cluster, settings, tasks, voice()::say)) {
      for (long count : settings.files()) {
        growing.levels(count).forEach(report::add);
      }
    } finally {
      voice().say(report.markdown());
      premises.writeJson(report.json());
      if (plot != null && !report.levels().isEmpty()) {
        new GrowthChart(report).write(plot);
      }
    }
    return 0;
  }

  private void checkRoom() throws IOException {
    premises.check(voice());
    var place = Files.createDirectories(premises.directory());
    long free = Files.getFileStore(place).getUsableSpace();
    var missing = Room.missing(files.getLast(), free, leave * 1_000_000_000, place.toString());
    if (missing.isPresent()) {
      throw voice().wrong(missing.get());
    }
  }

  private ClusterSettings cluster(Path disk) {
    return ClusterSettings.measured(disk, premises.daemonFlags())
        .withDatabase(databaseOptions)
        .with(Map.of("HAYLOFT_JOBS_ENABLED", "no"));
  }

  private Settings settings() {
    try {
      return new Settings(
          files,
          bufferPools,
          repeats.runs(),
          repeats.seconds(),
          repeats.warmUp(),
          new Settings.Clients(readers, writers));
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Voice voice() {
    return new Voice(spec);
  }

  private Map<String, Object> machine(Settings settings) {
    var machine = premises.machine();
    machine.put("settings", settings);
    var options = new ArrayList<>(ClusterSettings.MEASURED_DATABASE);
    options.addAll(databaseOptions);
    machine.put("database", options);
    machine.put("jobs", "off");
    return machine;
  }
}
