package io.hayloft.bench.tracker;

import io.hayloft.bench.load.WarmUp;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.runtime.time.Time;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks sites for the same, in turn: so what else the machine does meets all of them alike. Of a JVM
 * nothing counts until what an operation costs has stopped to fall.
 */
final class Contest {

  /** Before the runs over another number of connections. */
  private static final Duration RUN_UP = Duration.ofMillis(500);

  /** Over how many connections a tracker is warmed up. */
  private static final int WARM_CLIENTS = 32;

  private final List<Site> sites;
  private final Settings settings;
  private final Time time;
  private final Consumer<String> say;
  private final ProcessMeter self = new ProcessMeter(ProcessHandle.current().pid());

  Contest(List<Site> sites, Settings settings, Time time, Consumer<String> say) {
    this.sites = List.copyOf(sites);
    this.settings = settings;
    this.time = time;
    this.say = say;
  }

  /** Measures an operation over all numbers of connections. */
  List<Result> measure(Operation operation) throws InterruptedException {
    var asked = sites.stream().filter(each -> each.knows(operation)).toList();
    for (var site : asked) {
      site.enter(operation);
    }
    try {
      for (var site : asked) {
        warmUp(site, operation);
      }
      var results = new ArrayList<Result>();
      for (int connections : settings.connections()) {
        results.addAll(measure(operation, asked, connections));
      }
      return results;
    } finally {
      asked.forEach(site -> site.leave(operation));
    }
  }

  private void warmUp(Site site, Operation operation) throws InterruptedException {
    if (settings.warmUp() == 0) {
      return;
    }
    try (var loop = ClosedLoop.open(site.address(), WARM_CLIENTS, time)) {
      var warmUp = new WarmUp(settings.warmUp());
      var chunk = Duration.ofSeconds(warmUp.chunk());
      int round = 0;
      double cost;
      do {
        round++;
        cost =
            once(site, operation, loop, new LookUp.Draw(WARM_CLIENTS, -round), chunk)
                .centralMicros();
        say.accept(
            "  %s %s: %.1f µs after %d s"
                .formatted(operation.option(), site.name(), cost, round * chunk.toSeconds()));
      } while (warmUp.goesOn(cost));
    }
  }

  /** A site that is connected to. */
  private record Asked(Site site, ClosedLoop loop, List<Measurement> runs) {}

  private List<Result> measure(Operation operation, List<Site> sites, int connections)
      throws InterruptedException {
    var all = new ArrayList<Asked>();
    try {
      for (var site : sites) {
        var loop = ClosedLoop.open(site.address(), connections, time);
        all.add(new Asked(site, loop, new ArrayList<>()));
        if (settings.warmUp() > 0) {
          var _ = once(site, operation, loop, new LookUp.Draw(connections, 0), RUN_UP);
        }
      }
      for (int run = 1; run <= settings.runs(); run++) {
        var order = new ArrayList<>(all);
        // None is always first after a pause.
        Collections.rotate(order, run);
        for (var asked : order) {
          var draw = new LookUp.Draw(connections, run);
          var length = Duration.ofSeconds(settings.seconds());
          var measurement = once(asked.site(), operation, asked.loop(), draw, length);
          say(operation, asked.site(), connections, measurement);
          asked.runs().add(measurement);
        }
      }
    } finally {
      all.forEach(asked -> asked.loop().close());
    }
    return all.stream()
        .map(asked -> new Result(operation, connections, asked.site().name(), asked.runs()))
        .toList();
  }

  private Measurement once(
      Site site, Operation operation, ClosedLoop loop, LookUp.Draw draw, Duration length)
      throws InterruptedException {
    var act = site.prepare(operation, draw, length);
    var before = site.consumption();
    long mine = self.cpuMicros();
    var outcome = loop.run(act.dialogue(), length);
    var measurement =
        new Measurement(
            outcome,
            site.consumption().since(before),
            self.cpuMicros() - mine,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    act.after(outcome, loop);
    return measurement;
  }

  private void say(Operation operation, Site site, int connections, Measurement measured) {
    say.accept(
        "  %s c=%d %s %,.0f/s  CPU µs %.1f + %.1f, asking %.1f  p50 %,.0f p99 %,.0f µs  load %.1f"
            .formatted(
                operation.option(),
                connections,
                site.name(),
                measured.perSecond(),
                measured.trackerMicros(),
                measured.databaseMicros(),
                measured.askingMicros(),
                measured.p50Micros(),
                measured.p99Micros(),
                measured.load()));
  }
}
