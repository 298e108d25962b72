package io.hayloft.bench.tracker;

import io.hayloft.bench.call.Choice;
import io.hayloft.bench.call.Machine;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.bench.server.MemcachedServer;
import io.hayloft.bench.server.MissingProgramException;
import io.hayloft.bench.server.Program;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run tracker}: how fast a tracker answers, and what an answer costs. */
@Command(
    name = "tracker",
    description = {
      "Measure a tracker on real processes: an embedded database with durable commits, one tracker",
      "without background jobs, three storage nodes of two devices that keep files in memory.",
      "",
      "Clients ask in a closed loop, from one thread of this process, whose processor time stands",
      "beside that of tracker, database and nodes. Every answer is checked; a wrong one ends the",
      "measurement. noop alternates with memcached's version.",
      "",
      "Needs memcached: apt install memcached.",
      ""
    },
    footer = {
      "",
      "  bench/run tracker --only noop,paths --runs 3       a first impression",
      "  bench/run tracker --json tracker.json              everything, which takes half an hour",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrackerCommand implements Callable<Integer> {

  /** What is measured beside operations. */
  private static final String MEMORY = "memory";

  private static final int FILE_BYTES = 16 << 10;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final int MOST_CONNECTIONS = 100_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "<what>",
      description = "Only these: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--connections",
      split = ",",
      paramLabel = "<n>",
      defaultValue = "1,8,32,128",
      description = "Over how many connections. Default: ${DEFAULT-VALUE}.")
  private List<Integer> connections = new ArrayList<>();

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
        "Seconds of load before each operation that do not count, and more until what an operation",
        "costs has stopped to fall. Default: ${DEFAULT-VALUE}."
      })
  private int warmUp;

  @Option(
      names = "--files",
      paramLabel = "<n>",
      defaultValue = "20000",
      description = "How many files there are, each with two copies. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--idle",
      split = ",",
      paramLabel = "<n>",
      defaultValue = "10000,50000",
      description = "How many idle connections memory is measured with. Default: ${DEFAULT-VALUE}.")
  private List<Integer> idle = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      description = "Where the database lies, on the disk to measure. Default: bench/target.")
  private Path directory = Path.of("bench", "target", "tracker");

  @Option(
      names = "--docroots",
      paramLabel = "<dir>",
      description = "Where the nodes' files lie. Default: in memory, if there is /dev/shm.")
  private @Nullable Path docroots;

  @Option(names = "--json", paramLabel = "<file>", description = "Also write everything there.")
  private @Nullable Path json;

  @Option(
      names = "--daemon-flags",
      split = " ",
      paramLabel = "<flags>",
      description = "Further options of the daemons' JVMs.")
  private List<String> daemonFlags = new ArrayList<>();

  @Option(names = "--keep", description = "Leave what was written, for looking into it.")
  private boolean keep;

  /** What {@code --only} takes. */
  static final class Names extends ArrayList<String> {

    private static final long serialVersionUID = 1;

    Names() {
      super(
          Stream.concat(Arrays.stream(Operation.values()).map(Operation::option), Stream.of(MEMORY))
              .toList());
    }
  }

  @Override
  public Integer call() throws Exception {
    var chosen = chosen();
    var settings = settings();
    try {
      Program.need("memcached");
    } catch (MissingProgramException e) {
      throw voice().wrong(e.getMessage());
    }
    var report = new TrackerReport(machine(settings));
    try (var disk = Scratch.in(place(directory), keep);
        var memory = Scratch.in(docroots(), keep);
        var tasks = Tasks.virtual();
        var cluster = Cluster.start(cluster(disk.path(), memory.path()), Time.system())) {
      measure(chosen, settings, new Ground(cluster, tasks), report);
    } finally {
      voice().say(report.markdown());
      if (json != null) {
        Files.writeString(json, report.json());
      }
    }
    return 0;
  }

  /** What measuring needs. */
  private record Ground(Cluster cluster, Tasks tasks) {}

  private void measure(List<String> chosen, Settings settings, Ground ground, TrackerReport report)
      throws InterruptedException {
    var cluster = ground.cluster();
    var log = cluster.directory().resolve("memcached-version.log");
    voice().say("laying " + settings.files() + " files...");
    try (var ours = HayloftSite.fill(cluster, ground.tasks(), settings.files(), FILE_BYTES);
        var memcached = new MemcachedSite(MemcachedServer.start(log, cluster.time()))) {
      var contest = new Contest(List.of(ours, memcached), settings, cluster.time(), voice()::say);
      for (var operation : Operation.values()) {
        if (chosen.contains(operation.option())) {
          voice().say("measuring " + operation.title() + "...");
          report.add(contest.measure(operation));
        }
      }
      if (chosen.contains(MEMORY)) {
        new Memory(cluster, SETTLING, voice()::say).measure(idle, report);
      }
    }
  }

  private ClusterSettings cluster(Path disk, Path memory) {
    return ClusterSettings.measured(disk, daemonFlags)
        .with(new ClusterSettings.Storage(memory, "none"))
        .with(
            Map.of(
                "HAYLOFT_JOBS_ENABLED",
                "no",
                "HAYLOFT_LIMITS_CONNECTIONS",
                Integer.toString(MOST_CONNECTIONS)));
  }

  private Path place(Path wanted) {
    var place = wanted.toAbsolutePath().normalize();
    if (place.startsWith(Path.of(System.getProperty("java.io.tmpdir")))) {
      throw voice()
          .wrong("the embedded database deletes its data below the directory for temporary files");
    }
    return place;
  }

  private Path docroots() throws IOException {
    if (docroots != null) {
      return docroots;
    }
    return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY.resolve("hayloft-bench") : directory;
  }

  private List<String> chosen() {
    try {
      return Choice.of(new Names(), name -> name, only, _ -> true);
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Settings settings() {
    try {
      return new Settings(runs, seconds, warmUp, connections, files);
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
    machine.put("database", ClusterSettings.MEASURED_DATABASE);
    machine.put("daemonFlags", daemonFlags);
    machine.put("jobs", "off");
    return machine;
  }
}
