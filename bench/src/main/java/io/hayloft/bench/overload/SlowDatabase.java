package io.hayloft.bench.overload;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.OpenLoop;
import io.hayloft.bench.loop.Steady;
import io.hayloft.bench.loop.Tally;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.overload.DelayingProxy.Line;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.report.Scores;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Mix;
import io.hayloft.bench.tracker.talk.Opening;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.runtime.task.Tasks;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A tracker whose database is far away, or does not answer for a while. It has paths in its memory,
 * and a read replica that is near.
 */
final class SlowDatabase {

  private static final int HOT = 2_000;
  private static final int CONNECTIONS = 2_000;

  /** Of all kinds of requests together. */
  private static final int RATE = 2_000;

  private static final Duration SLOW = Duration.ofSeconds(6);
  private static final Duration FREE = Duration.ofSeconds(4);
  private static final Duration WINDOW = Duration.ofMillis(250);

  /** Until a tracker has read its settings and tried the replica. */
  private static final Duration ADOPTING = Duration.ofSeconds(7);

  private static final Duration GLANCE = Duration.ofMillis(250);
  private static final double REMEMBERED = 0.99;
  private static final double SOON_MILLIS = 100;

  /** Clients wait for three seconds. */
  private static final double PATIENCE_MILLIS = 3_000;

  private static final double RECOVERED_MICROS = 250_000;
  private static final int MOST_DATABASE_CONNECTIONS = 16;
  private static final int MORE_THREADS = 16;
  private static final double MORE_MIB = 64;
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final Cluster cluster;
  private final DelayingProxy proxy;
  private final Consumer<String> say;
  private final ProcessMeter meter;

  private enum Kind {
    REMEMBERED("get_paths from memory", 10),
    REPLICA("file_info from the replica", 6),
    PRIMARY_FIRST("get_paths not in memory", 2),
    WRITE("create_open", 2);

    private final String title;
    private final int weight;

    Kind(String title, int weight) {
      this.title = title;
      this.weight = weight;
    }
  }

  /** What the line is like for a while; silent where there is none. */
  private record Phase(String name, Duration length, List<Line> line) {

    static Phase of(String name, Duration length, Line line) {
      return new Phase(name, length, List.of(line));
    }

    boolean isFree() {
      return line.equals(List.of(Line.FREE));
    }
  }

  /** The most that was seen. */
  private static final class Most {

    private final AtomicLong threads = new AtomicLong();
    private final AtomicLong residentKib = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();

    void look(ProcessMeter meter, DelayingProxy proxy) {
      threads.accumulateAndGet(meter.threads(), Math::max);
      residentKib.accumulateAndGet(meter.residentKib(), Math::max);
      connections.accumulateAndGet(proxy.clients(), Math::max);
    }
  }

  SlowDatabase(Cluster cluster, DelayingProxy proxy, Consumer<String> say) {
    this.cluster = cluster;
    this.proxy = proxy;
    this.say = say;
    this.meter = cluster.tracker().meter();
  }

  private static List<Phase> phases() {
    return List.of(
        Phase.of("free", FREE, Line.FREE),
        Phase.of("50 ms", SLOW, Line.of(Duration.ofMillis(50))),
        Phase.of("after 50 ms", FREE, Line.FREE),
        Phase.of("500 ms", SLOW, Line.of(Duration.ofMillis(500))),
        Phase.of("after 500 ms", FREE, Line.FREE),
        new Phase("silent", SLOW, List.of()),
        Phase.of("after silence", FREE, Line.FREE));
  }

  void measure(Pool pool, Tasks tasks, Duration warmUp, Scores scores) throws InterruptedException {
    var target =
        new Target(Cluster.DOMAIN, Cluster.CLASS, new AtomicLong(OverloadCommand.FIRST_KEY));
    prepare(pool, target, warmUp);
    var before = new Most();
    before.look(meter, proxy);
    var most = new Most();
    var looking = tasks.start("looks", () -> watch(most));
    var phases = phases();
    var lengths = phases.stream().map(Phase::length).toList();
    var spans = new Spans(lengths, WINDOW, KINDS.size());
    for (int i = 0; i < phases.size(); i++) {
      if (phases.get(i).isFree()) {
        spans.handOn(i);
      }
    }
    var steady =
        new Steady(phases.stream().map(phase -> new Steady.Span(RATE, phase.length())).toList());
    var begun = new AtomicInteger();
    var schedule =
        new Meters(
            steady,
            lengths,
            () -> {
              become(phases.get(begun.getAndIncrement()));
              return new Meters.Used(cluster.consumption(), 0, cluster.time().nanoTime());
            });
    var draw = new LookUp.Draw(CONNECTIONS, 7);
    var mix = mix(pool, target, draw);
    var crowd = new OpenLoop.Crowd(cluster.tracker().address(), CONNECTIONS, Duration.ofSeconds(3));
    try (var loop = OpenLoop.open(crowd, cluster.time())) {
      loop.run(mix, schedule, spans);
      scores.add("connections of clients that ended", loop.lost(), Goal.atMost(0));
    } finally {
      proxy.set(Line.FREE);
    }
    looking.cancel();
    var _ = looking.join(ADOPTING);
    judge(phases, spans, scores);
    mix.errors().forEach((words, count) -> scores.add("answered " + words, count));
    judge(before, most, scores);
  }

  private void become(Phase phase) {
    say.accept("  the database's line: " + phase.name());
    phase.line().stream().findFirst().ifPresentOrElse(proxy::set, proxy::stall);
  }

  private void watch(Most most) throws InterruptedException {
    while (true) {
      most.look(meter, proxy);
      cluster.time().sleep(GLANCE);
    }
  }

  /** All of it warm, the hot paths in memory, and the replica in use. */
  private void prepare(Pool pool, Target target, Duration warmUp) throws InterruptedException {
    set("path_cache_ttl", "3600");
    set(
        "slave_near",
        cluster.database().url() + "|" + BenchDatabase.USER + "|" + BenchDatabase.PASSWORD);
    set("slave_keys", "near");
    var _ = cluster.operator().ok("clear_cache");
    say.accept("warming up, and waiting for the replica to be used...");
    cluster.time().sleep(ADOPTING);
    int clients = 32;
    try (var loop = ClosedLoop.open(cluster.tracker().address(), clients, cluster.time())) {
      var _ = loop.run(LookUp.all(pool.part(0, HOT), clients), Duration.ofMinutes(1));
      var _ = loop.run(mix(pool, target, new LookUp.Draw(clients, 1)), warmUp);
    }
    // What the warm-up has looked up is forgotten, but for the hot ones.
    set("path_cache_ttl", "0");
    set("path_cache_ttl", "3600");
    cluster.database().forgetUploads();
    try (var loop = ClosedLoop.open(cluster.tracker().address(), clients, cluster.time())) {
      var _ = loop.run(LookUp.all(pool.part(0, HOT), clients), Duration.ofMinutes(1));
    }
  }

  private void set(String key, String value) {
    var escaped = URLEncoder.encode(value, StandardCharsets.ISO_8859_1);
    var _ = cluster.operator().ok("set_server_setting key=" + key + "&value=" + escaped);
  }

  private static Mix mix(Pool pool, Target target, LookUp.Draw draw) {
    var hot = pool.part(0, HOT);
    var rest = pool.part(HOT, pool.count() - HOT);
    return new Mix(
        KINDS.stream()
            .map(
                kind ->
                    new Mix.Part(
                        kind.title,
                        kind.weight,
                        switch (kind) {
                          case REMEMBERED -> LookUp.paths(hot, false, draw);
                          case REPLICA -> LookUp.info(pool, draw);
                          case PRIMARY_FIRST -> LookUp.paths(rest, false, draw);
                          case WRITE -> new Opening(target);
                        }))
            .toList(),
        draw);
  }

  private static void judge(List<Phase> phases, Spans spans, Scores scores) {
    for (int i = 0; i < phases.size(); i++) {
      var phase = phases.get(i);
      for (var kind : KINDS) {
        judge(phase, kind, spans.of(i), scores);
      }
      if (phase.isFree() && i > 0) {
        scores.add(
            phase.name() + ": until all is served within 250 ms again, ms",
            spans.recovery(i, RECOVERED_MICROS).toMillis(),
            Goal.atMost(1_000));
      }
    }
  }

  private static void judge(Phase phase, Kind kind, Tally tally, Scores scores) {
    var served = tally.of(KINDS.indexOf(kind), Ending.SERVED);
    var counts = new ArrayList<String>();
    long all = 0;
    double slowest = 0;
    for (var ending : Ending.values()) {
      var ended = tally.of(KINDS.indexOf(kind), ending);
      all += ended.count();
      if (ended.count() > 0) {
        counts.add(ending.name().toLowerCase(Locale.ROOT) + " " + ended.count());
        slowest = Math.max(slowest, ended.percentileMicros(100) / 1000);
      }
    }
    var what = phase.name() + ", " + kind.title + " (" + String.join(", ", counts) + ")";
    boolean goesOn = kind == Kind.REMEMBERED || kind == Kind.REPLICA;
    if (goesOn) {
      scores.add(
          what + ": served, of all", (double) served.count() / all, Goal.atLeast(REMEMBERED));
      scores.add(
          phase.name() + ", " + kind.title + ": p99, ms",
          served.percentileOrNaN(99) / 1000,
          Goal.atMost(SOON_MILLIS));
    } else {
      scores.add(what + ": slowest, ms", slowest, Goal.atMost(PATIENCE_MILLIS));
    }
  }

  private static void judge(Most before, Most most, Scores scores) {
    scores.add(
        "most connections to the database",
        most.connections.get(),
        Goal.atMost(MOST_DATABASE_CONNECTIONS));
    scores.add(
        "threads of the kernel's, more than before",
        most.threads.get() - before.threads.get(),
        Goal.atMost(MORE_THREADS));
    scores.add(
        "resident memory, MiB more than before",
        (most.residentKib.get() - before.residentKib.get()) / 1024.0,
        Goal.atMost(MORE_MIB));
  }
}
