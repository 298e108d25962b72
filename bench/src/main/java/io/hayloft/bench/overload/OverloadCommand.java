package io.hayloft.bench.overload;

import io.hayloft.bench.call.Installing;
import io.hayloft.bench.call.Voice;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.FileLimit;
import io.hayloft.bench.measure.Processors;
import io.hayloft.bench.report.Scores;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Mix;
import io.hayloft.bench.tracker.talk.Opening;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run overload}: what a tracker does that is asked for too much. */
@Command(
    name = "overload",
    description = {
      "Find the rate that a tracker sustains, then ask for several times as much by the clock,"
          + " then",
      "for half of it again: it must go on serving, refuse the rest at once, and recover. Ends"
          + " with",
      "1 when a goal is missed.",
      ""
    },
    footer = {
      "",
      "  bench/run overload                        one to three minutes",
      "  bench/run overload --mix info=1           look-ups alone",
      "  bench/run overload --slow-database        a minute and a half",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class OverloadCommand implements Callable<Integer> {

  private static final int OTHERS = 500;
  private static final int FILE_BYTES = 16;

  /** Above all numbers of files that are laid. */
  static final long FIRST_KEY = 1_000_000_000L;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Installing installing = new Installing();

  @Option(
      names = "--mix",
      split = ",",
      paramLabel = "<what=weight>",
      defaultValue = "paths=6,info=2,open=2",
      description =
          "What is asked for: paths (get_paths noverify=1), verified, info, open (create_open)."
              + " Default: ${DEFAULT-VALUE}.")
  private Map<String, Integer> mix = new LinkedHashMap<>();

  @Option(
      names = "--connections",
      paramLabel = "<n>",
      defaultValue = "8000",
      description = {
        "Over how many connections, each with one request under way. Default: ${DEFAULT-VALUE}."
      })
  private int connections;

  @Option(
      names = "--factor",
      paramLabel = "<x>",
      defaultValue = "5",
      description = "How many times the sustainable rate. Default: ${DEFAULT-VALUE}.")
  private double factor;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      defaultValue = "10",
      description = "For how long. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "<n>",
      defaultValue = "40",
      description = "Seconds of load before anything is measured. Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--files",
      paramLabel = "<n>",
      defaultValue = "20000",
      description = "How many files there are to ask for. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--shared",
      description = {
        "Let the kernel share all processors among all. By default the generator has the last one",
        "alone, and tracker, database and nodes have the others."
      })
  private boolean shared;

  @Option(
      names = "--slow-database",
      description = {
        "Instead, slow the tracker's database down by a proxy: 50 ms, 500 ms, silence. What is in",
        "the tracker's memory or on a replica must be answered on, the rest in time."
      })
  private boolean slowDatabase;

  @Override
  public Integer call() throws Exception {
    var voice = new Voice(spec);
    check(voice);
    installing.check(voice);
    var terms =
        new Overload.Terms(
            connections,
            factor,
            Duration.ofSeconds(seconds),
            Duration.ofSeconds(4),
            Duration.ofSeconds(warmUp));
    var scores = new Scores();
    try {
      if (slowDatabase) {
        slowDown(voice, scores);
      } else {
        installing.with(cluster -> measure(cluster, terms, voice, scores));
      }
    } finally {
      voice.say(scores.markdown());
      var machine = installing.machine();
      machine.put("terms", terms.toString());
      machine.put("mix", mix);
      machine.put("shared", shared);
      installing.write(scores.json(machine));
    }
    return scores.areMet() ? 0 : 1;
  }

  private void measure(Cluster cluster, Overload.Terms terms, Voice voice, Scores scores)
      throws InterruptedException {
    try (var tasks = Tasks.virtual()) {
      var pool = fill(cluster, tasks);
      if (!shared) {
        putApart(cluster);
      }
      var target = new Target(Cluster.DOMAIN, Cluster.CLASS, new AtomicLong(FIRST_KEY));
      new Overload(cluster, terms, draw -> mix(pool, target, draw), voice::say).measure(scores);
    }
  }

  private void slowDown(Voice voice, Scores scores) throws IOException, InterruptedException {
    var proxies = new ArrayList<DelayingProxy>();
    Cluster.Way way =
        url -> {
          var proxy = DelayingProxy.before(url, Time.system());
          proxies.add(proxy);
          return proxy.through(url);
        };
    try (var tasks = Tasks.virtual()) {
      installing.with(
          way,
          cluster ->
              new SlowDatabase(cluster, proxies.getFirst(), voice::say)
                  .measure(fill(cluster, tasks), tasks, Duration.ofSeconds(warmUp), scores));
    } finally {
      for (var proxy : proxies) {
        proxy.close();
      }
    }
  }

  private Pool fill(Cluster cluster, Tasks tasks) {
    var filler = new Filler(cluster, tasks, FILE_BYTES);
    var laid = filler.fillRows(files);
    return Pool.of(laid, filler.bytes(laid.getFirst().fid()).length);
  }

  /** So that the generator takes no processor time from what is measured. */
  private static void putApart(Cluster cluster) throws InterruptedException {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    if (last < 1) {
      return;
    }
    var others = last == 1 ? "0" : "0-" + (last - 1);
    Processors.put(ProcessHandle.current().pid(), Integer.toString(last));
    Processors.put(cluster.tracker().pid(), others);
    Processors.put(cluster.database().pid(), others);
    for (var node : cluster.liveNodes()) {
      Processors.put(node.process().pid(), others);
    }
  }

  private Mix mix(Pool pool, Target target, LookUp.Draw draw) {
    var parts = new ArrayList<Mix.Part>();
    mix.forEach((what, weight) -> parts.add(part(what, weight, pool, target, draw)));
    return new Mix(parts, draw);
  }

  private static Mix.Part part(
      String what, int weight, Pool pool, Target target, LookUp.Draw draw) {
    var dialogue =
        switch (what) {
          case "paths" -> LookUp.paths(pool, false, draw);
          case "verified" -> LookUp.paths(pool, true, draw);
          case "info" -> LookUp.info(pool, draw);
          case "open" -> new Opening(target);
          default -> throw new IllegalArgumentException("nothing is called " + what);
        };
    return new Mix.Part(what, weight, dialogue);
  }

  private void check(Voice voice) {
    var known = List.of("paths", "verified", "info", "open");
    mix.forEach(
        (what, weight) -> {
          if (!known.contains(what) || weight < 1) {
            throw voice.wrong("--mix takes weights of " + known + ", not " + what + "=" + weight);
          }
        });
    if (connections < 1 || factor < 1 || seconds < 1 || warmUp < 4 || files < 1) {
      throw voice.wrong("too little to measure anything");
    }
    if (FileLimit.ofThisProcess() < connections + OTHERS) {
      throw voice.wrong(
          "only %d files may be open, too few for %d connections: see ulimit -n"
              .formatted(FileLimit.ofThisProcess(), connections));
    }
  }
}
