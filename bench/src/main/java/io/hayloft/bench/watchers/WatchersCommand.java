package io.hayloft.bench.watchers;

import io.hayloft.bench.call.Installing;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.measure.FileLimit;
import io.hayloft.bench.report.Scores;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run watchers}: the memory of very many clients that stay connected. */
@Command(
    name = "watchers",
    description = {
      "Measure what very many clients that stay connected and ask now and then cost a tracker: the",
      "heap after garbage collection must not grow, and not be much above that of a tracker that",
      "nobody is connected to. Ends with 1 when a goal is missed.",
      ""
    },
    footer = {
      "",
      "  bench/run watchers --minutes 1 --clients 2000      a first impression",
      "  bench/run watchers --json watchers.json            10,000 clients, ten minutes",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class WatchersCommand implements Callable<Integer> {

  /** Descriptors that a process needs for other things. */
  private static final int OTHERS = 500;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Installing installing = new Installing();

  @Option(
      names = "--clients",
      paramLabel = "<n>",
      defaultValue = "10000",
      description = "How many are connected. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "Requests a second of all of them together. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--minutes",
      paramLabel = "<n>",
      defaultValue = "10",
      description = "For how long. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(
      names = "--files",
      paramLabel = "<n>",
      defaultValue = "5000",
      description = "How many files there are to ask for. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--warm-up",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "Seconds of load before anything is measured. Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Override
  public Integer call() throws Exception {
    var voice = new Voice(spec);
    check(voice);
    installing.check(voice);
    var terms =
        new Watchers.Terms(
            clients, rate, Duration.ofMinutes(minutes), files, Duration.ofSeconds(warmUp));
    var scores = new Scores();
    try {
      installing.with(cluster -> new Watchers(cluster, terms, voice::say).measure(scores));
    } finally {
      voice.say(scores.markdown());
      var machine = installing.machine();
      machine.put("terms", terms.toString());
      installing.write(scores.json(machine));
    }
    return scores.areMet() ? 0 : 1;
  }

  private void check(Voice voice) {
    if (clients < 1 || rate < 1 || minutes < 1 || files < 1 || warmUp < 0) {
      throw voice.wrong("too little to measure anything");
    }
    if (FileLimit.ofThisProcess() < clients + OTHERS) {
      throw voice.wrong(
          "only %d files may be open, too few for %d clients: see ulimit -n"
              .formatted(FileLimit.ofThisProcess(), clients));
    }
  }
}
