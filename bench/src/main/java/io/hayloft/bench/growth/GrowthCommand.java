package io.hayloft.bench.growth;

import io.hayloft.bench.call.Machine;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.scratch.Scratch;
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
      names = "--runs",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "How often each is measured. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      defaultValue = "3",
      description = "How long a measurement takes. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "<n>",
      defaultValue = "20",
      description = {
        "Seconds of load before everything that do not count, and more until what an operation",
        "costs has stopped to fall. Default: ${DEFAULT-VALUE}."
      })
  private int warmUp;

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      description = "Where the database lies, on the disk to measure. Default: bench/target.")
  private Path directory = Path.of("bench", "target", "growth");

  @Option(
      names = "--leave",
      paramLabel = "<gigabytes>",
      defaultValue = "10",
      description = "What of that disk is to stay free. Default: ${DEFAULT-VALUE}.")
  private long leave;

  @Option(names = "--json", paramLabel = "<file>", description = "Also write everything there.")
  private @Nullable Path json;

  @Option(names = "--plot", paramLabel = "<file>", description = "Also draw the results, as PNG.")
  private @Nullable Path plot;

  @Option(
      names = "--daemon-flags",
      split = " ",
      paramLabel = "<flags>",
      description = "Further options of the daemons' JVMs.")
  private List<String> daemonFlags = new ArrayList<>();

  @Option(names = "--keep", description = "Leave what was written, for looking into it.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    var settings = settings();
    var place = place();
    var report = new GrowthReport(machine(settings));
    try (var disk = Scratch.in(place, keep);
        var tasks = Tasks.virtual();
        var cluster = Cluster.start(cluster(disk.path()), Time.system());
        var growing = new Growing(cluster, settings, tasks, voice()::say)) {
      for (long count : settings.files()) {
        growing.levels(count).forEach(report::add);
      }
    } finally {
      voice().say(report.markdown());
      if (json != null) {
        Files.writeString(json, report.json());
      }
      if (plot != null && !report.levels().isEmpty()) {
        new GrowthChart(report).write(plot);
      }
    }
    return 0;
  }

  private Path place() throws IOException {
    var place = directory.toAbsolutePath().normalize();
    if (place.startsWith(Path.of(System.getProperty("java.io.tmpdir")))) {
      throw voice()
          .wrong("the embedded database deletes its data below the directory for temporary files");
    }
    Files.createDirectories(place);
    long free = Files.getFileStore(place).getUsableSpace();
    var missing = Room.missing(files.getLast(), free, leave * 1_000_000_000, place.toString());
    if (missing.isPresent()) {
      throw voice().wrong(missing.get());
    }
    return place;
  }

  private ClusterSettings cluster(Path disk) {
    return ClusterSettings.measured(disk, daemonFlags)
        .withDatabase(databaseOptions)
        .with(Map.of("HAYLOFT_JOBS_ENABLED", "no"));
  }

  private Settings settings() {
    try {
      return new Settings(
          files, bufferPools, runs, seconds, warmUp, new Settings.Clients(readers, writers));
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Voice voice() {
    return new Voice(spec);
  }

  private Map<String, Object> machine(Settings settings) {
    var machine = Machine.facts(Time.system());
    machine.put("settings", settings);
    var options = new ArrayList<>(ClusterSettings.MEASURED_DATABASE);
    options.addAll(databaseOptions);
    machine.put("database", options);
    machine.put("daemonFlags", daemonFlags);
    machine.put("jobs", "off");
    return machine;
  }
}
