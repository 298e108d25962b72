package io.hayloft.bench.tracker;

import io.hayloft.bench.call.Against;
import io.hayloft.bench.call.Choice;
import io.hayloft.bench.call.Installing;
import io.hayloft.bench.call.Repeats;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.server.MemcachedServer;
import io.hayloft.bench.server.MissingProgramException;
import io.hayloft.bench.server.Program;
import io.hayloft.runtime.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final int MOST_CONNECTIONS = 100_000;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Installing installing = new Installing();

  @Mixin private Repeats repeats = new Repeats(5, 3, 20);

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

  @Option(names = "--plot", paramLabel = "<file>", description = "Also draw the results, as PNG.")
  private @Nullable Path plot;

  @Option(
      names = "--against",
      paramLabel = "<host:port>",
      description = {
        "Ask another tracker for the same, in turn with ours. It gets a domain of its own, into",
        "which files are uploaded; all of it is removed in the end. Its nodes should keep files in",
        "memory, too, and its jobs be off once all files have two copies."
      })
  private @Nullable String against;

  @Option(
      names = "--against-pids",
      split = ",",
      paramLabel = "<pid>",
      description = "Its processes and its database's, if they run here: to count their time.")
  private List<Long> againstPids = new ArrayList<>();

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
    var other = Optional.ofNullable(against).map(this::other);
    try {
      Program.need("memcached");
    } catch (MissingProgramException e) {
      throw voice().wrong(e.getMessage());
    }
    installing.check(voice());
    var report = new TrackerReport(machine(settings));
    try (var tasks = Tasks.virtual()) {
      installing.with(
          Map.of("HAYLOFT_LIMITS_CONNECTIONS", Integer.toString(MOST_CONNECTIONS)),
          cluster -> measure(chosen, settings, new Ground(cluster, tasks, other), report));
    } finally {
      voice().say(report.markdown());
      installing.writeJson(report.json());
      if (plot != null && !report.verdicts().isEmpty()) {
        new VerdictChart(report.verdicts()).write(plot);
      }
    }
    return 0;
  }

  /** What measuring needs. */
  private record Ground(Cluster cluster, Tasks tasks, Optional<OtherSite.Place> other) {}

  private void measure(List<String> chosen, Settings settings, Ground ground, TrackerReport report)
      throws InterruptedException {
    var cluster = ground.cluster();
    var log = cluster.directory().resolve("memcached-version.log");
    voice().say("laying " + settings.files() + " files...");
    var sites = new ArrayList<Site>();
    try {
      sites.add(HayloftSite.fill(cluster, ground.tasks(), settings.files(), FILE_BYTES));
      sites.add(new MemcachedSite(MemcachedServer.start(log, cluster.time())));
      if (ground.other().isPresent()) {
        voice().say("uploading the same to " + against + "...");
        var files = new OtherSite.Files(settings.files(), FILE_BYTES);
        sites.add(OtherSite.fill(ground.other().get(), cluster.time(), files));
      }
      var contest = new Contest(sites, settings, cluster.time(), voice()::say);
      for (var operation : Operation.values()) {
        if (chosen.contains(operation.option())) {
          voice().say("measuring " + operation.title() + "...");
          report.add(contest.measure(operation));
        }
      }
      if (chosen.contains(MEMORY)) {
        new Memory(cluster, SETTLING, voice()::say).measure(idle, report);
      }
    } finally {
      sites.reversed().forEach(Site::close);
    }
  }

  private OtherSite.Place other(String text) {
    var place = Against.address(text, voice());
    Against.mustAnswer(place, "noop", List.of("OK"), voice());
    return new OtherSite.Place(text, place, againstPids);
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
      return new Settings(repeats.runs(), repeats.seconds(), repeats.warmUp(), connections, files);
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Voice voice() {
    return new Voice(spec);
  }

  private Map<String, Object> machine(Settings settings) {
    var machine = installing.machine();
    machine.put("settings", settings);
    return machine;
  }
}
