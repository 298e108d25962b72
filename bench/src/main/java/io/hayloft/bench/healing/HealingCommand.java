package io.hayloft.bench.healing;

import io.hayloft.bench.call.Choice;
import io.hayloft.bench.call.Premises;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.report.Report;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run healing}: how fast an installation keeps itself whole, and at what cost. */
@Command(
    name = "healing",
    description = {
      "Measure replication, healing, fsck, delete, rebalance and outages on real processes: an",
      "embedded database, one tracker, three storage nodes of two devices with durable writes.",
      ""
    },
    sortOptions = false)
public final class HealingCommand implements Callable<Integer> {

  private static final int USUAL = -1;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Premises premises = new Premises();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "<job>",
      description = "Only these jobs: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  private List<String> only = new ArrayList<>();

  @Option(names = "--all", description = "Also what takes long: heal-100000 and memory.")
  private boolean all;

  @Option(
      names = "--files",
      paramLabel = "<n>",
      description = "How many files, instead of what is usual for each job.")
  private int files;

  @Option(names = "--file-bytes", paramLabel = "<n>", description = "Their length. Default: 16384.")
  private int fileBytes = 16_384;

  @Option(names = "--runs", paramLabel = "<n>", description = "Runs that count. Default: 3.")
  private int runs = 3;

  @Option(
      names = "--warm-ups",
      paramLabel = "<n>",
      description = "Runs before those that count, instead of what each job needs.")
  private int warmUps = USUAL;

  /** What {@code --only} takes. */
  static final class Names extends ArrayList<String> {

    private static final long serialVersionUID = 1;

    Names() {
      super(Benchmarks.all().stream().map(Benchmark::name).toList());
    }
  }

  @Override
  public Integer call() throws Exception {
    var chosen = chosen();
    premises.check(voice());
    var report = new Report(machine());
    try (var run = premises.scratch();
        var tasks = Tasks.virtual()) {
      for (var benchmark : chosen) {
        voice().say("measuring " + benchmark.name() + "...");
        new Conducting(run.path().resolve(benchmark.name()), premises.daemonFlags(), tasks)
            .conduct(benchmark, scale(benchmark), report);
      }
    } finally {
      voice().say(report.markdown());
      premises.writeJson(report.json());
    }
    return 0;
  }

  private Scale scale(Benchmark benchmark) {
    return new Scale(
        files > 0 ? files : benchmark.usualFiles(),
        fileBytes,
        warmUps == USUAL ? benchmark.usualWarmUps() : warmUps,
        runs);
  }

  private List<Benchmark> chosen() {
    try {
      return Choice.of(
          Benchmarks.all(), Benchmark::name, only, each -> all || !Benchmarks.isLong(each));
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Voice voice() {
    return new Voice(spec);
  }

  private Map<String, Object> machine() {
    var machine = premises.machine();
    machine.put("fileBytes", fileBytes);
    machine.put("warmUps", warmUps == USUAL ? "usual" : warmUps);
    machine.put("runs", runs);
    machine.put("shippedFlags", ClusterSettings.SHIPPED_FLAGS);
    return machine;
  }

  /** One benchmark on an installation of its own. */
  private record Conducting(Path place, List<String> daemonFlags, Tasks tasks) {

    void conduct(Benchmark benchmark, Scale scale, Report report) throws Exception {
      Files.createDirectories(place);
      var settings = ClusterSettings.measured(place, daemonFlags);
      try (var cluster = Cluster.start(settings, Time.system())) {
        var stage = new Stage(cluster, tasks, scale);
        Optional<String> missing = benchmark.missing(stage);
        if (missing.isPresent()) {
          report.skip(benchmark.name(), missing.get());
          return;
        }
        benchmark.measure(stage).forEach(report::add);
      }
    }
  }
}
