package io.hayloft.bench.node;

import io.hayloft.bench.call.Choice;
import io.hayloft.bench.call.Premises;
import io.hayloft.bench.call.Repeats;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.server.MissingProgramException;
import io.hayloft.bench.server.Program;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
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

/** {@code bench/run node}: how fast a storage node serves and stores, beside nginx. */
@Command(
    name = "node",
    description = {
      "Measure one storage node beside nginx at its best, over loopback.",
      "",
      "Both serve the same files. Each is asked in turn, the same number of times: Hayloft, nginx",
      "with sendfile on, nginx with sendfile off. The table shows medians with their ranges, and",
      "their ratio to that nginx which was better, with the range of the ratios of each turn.",
      "Processor time is that of the server's process alone.",
      "",
      "Needs nginx and wrk: apt install nginx-light wrk, and up to 13 GB of disk: what is PUT goes",
      "to new files.",
      ""
    },
    footer = {
      "",
      "The load generator takes half of a small machine, so requests a second say as much about it",
      "as about the servers; processor time for each request is the steadier figure. Whatever else",
      "runs on the machine lowers all rates: look at the load beside them.",
      "",
      "  bench/run node --only get-1k,get-16k --runs 3      a first impression",
      "  bench/run node --json node.json --plot node.png    everything that takes minutes",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class NodeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Premises premises = new Premises();

  @Mixin private Repeats repeats = new Repeats(5, 5, 20);

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "<trial>",
      description = "Only these: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  private List<String> only = new ArrayList<>();

  @Option(names = "--all", description = "Also what takes long or much room.")
  private boolean all;

  @Option(
      names = "--connections",
      split = ",",
      paramLabel = "<n>",
      defaultValue = "16,64",
      description = "Over how many kept connections. Default: ${DEFAULT-VALUE}.")
  private List<Integer> connections = new ArrayList<>();

  @Option(
      names = "--populations",
      split = ",",
      paramLabel = "<n>",
      defaultValue = "1000,10000,100000,1000000",
      description = {
        "How many files of 4 KiB the trial population reads from. A million of them take 5 GB and",
        "some minutes to make. Default: ${DEFAULT-VALUE}."
      })
  private List<Integer> populations = new ArrayList<>();

  @Option(names = "--plot", paramLabel = "<file>", description = "Also draw the ratios, as PNG.")
  private @Nullable Path plot;

  /** What {@code --only} takes. */
  static final class Names extends ArrayList<String> {

    private static final long serialVersionUID = 1;

    Names() {
      super(Trials.all().stream().map(Trial::name).toList());
    }
  }

  @Override
  public Integer call() throws Exception {
    var chosen = chosen();
    var settings = settings();
    try {
      Program.need("nginx");
      Program.need("wrk");
    } catch (MissingProgramException e) {
      throw voice().wrong(e.getMessage());
    }
    var report = new NodeReport(machine(settings));
    try (var scratch = premises.scratch();
        var tasks = Tasks.virtual();
        var stage =
            new Stage(
                scratch.path(), settings, new Stage.World(tasks, Time.system(), voice()::say))) {
      for (var trial : chosen) {
        voice().say("measuring " + trial.name() + "...");
        trial.measure(stage, report);
      }
    } finally {
      voice().say(report.markdown());
      premises.writeJson(report.json());
      if (plot != null && !report.comparisons().isEmpty()) {
        new RatioChart(report.comparisons()).write(plot);
      }
    }
    return 0;
  }

  private List<Trial> chosen() {
    try {
      return Choice.of(Trials.all(), Trial::name, only, each -> all || !each.isLong());
    } catch (IllegalArgumentException e) {
      throw voice().wrong(e.getMessage());
    }
  }

  private Settings settings() {
    try {
      return new Settings(
          repeats.runs(),
          repeats.seconds(),
          repeats.warmUp(),
          connections,
          populations,
          premises.daemonFlags());
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
    machine.put("shippedFlags", ClusterSettings.SHIPPED_FLAGS);
    return machine;
  }
}
