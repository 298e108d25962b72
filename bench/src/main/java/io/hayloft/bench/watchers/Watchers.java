package io.hayloft.bench.watchers;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.OpenLoop;
import io.hayloft.bench.loop.Steady;
import io.hayloft.bench.loop.Tally;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.Heap;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.measure.Slope;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.report.Scores;
import io.hayloft.bench.tracker.talk.Fixed;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Mix;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Memory of a tracker with very many clients, each asking now and then, beside that of the same
 * tracker before they came.
 */
final class Watchers {

  private static final double MOST_MIB = 80;

  /** Less than that in a minute is no growth: 15 MiB in a day would be seen. */
  private static final double MOST_MIB_A_MINUTE = 0.1;

  /** How many clients are to be connected within {@link #MOST_MILLIS}. */
  private static final int TIMED = 10_000;

  private static final double MOST_MILLIS = 2_000;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  /** What comes once, as the first use of something, is over then. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private static final int WARM_CLIENTS = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int FILE_BYTES = 16;

  private final Cluster cluster;
  private final Terms terms;
  private final Consumer<String> say;
  private final Heap heap;
  private final ProcessMeter meter;

  /**
   * How much is measured.
   *
   * @param rate requests a second of all clients together
   * @param warmUp load before anything is measured
   */
  record Terms(int clients, int rate, Duration length, int files, Duration warmUp) {}

  /** One look. */
  private record Look(Duration at, double heapMib, double residentMib) {}

  Watchers(Cluster cluster, Terms terms, Consumer<String> say) {
    this.cluster = cluster;
    this.terms = terms;
    this.say = say;
    this.heap = new Heap(cluster.tracker().pid());
    this.meter = cluster.tracker().meter();
  }

  void measure(Scores scores) throws InterruptedException {
    try (var tasks = Tasks.virtual()) {
      say.accept("laying " + terms.files() + " files and warming up...");
      var filler = new Filler(cluster, tasks, FILE_BYTES);
      var files = filler.fillRows(terms.files());
      var pool = Pool.of(files, filler.bytes(files.getFirst().fid()).length);
      warmUp(pool);
      var idle = look(Duration.ZERO);
      say.accept(
          "  idle: heap %.1f MiB, resident %.0f MiB".formatted(idle.heapMib(), idle.residentMib()));
      scores.add("heap of the idle tracker after collection, MiB", idle.heapMib());
      scores.add("resident memory of the idle tracker, MiB", idle.residentMib());
      measure(pool, idle, tasks, scores);
    }
  }

  /** With the requests that will be sent, fast and then at their rate. */
  private void warmUp(Pool pool) throws InterruptedException {
    var mix = mix(pool, new LookUp.Draw(WARM_CLIENTS, 1));
    try (var loop = ClosedLoop.open(cluster.tracker().address(), WARM_CLIENTS, cluster.time())) {
      var _ = loop.run(mix, terms.warmUp());
    }
    cluster.time().sleep(Duration.ofSeconds(1));
  }

  private static Mix mix(Pool pool, LookUp.Draw draw) {
    return new Mix(
        List.of(
            new Mix.Part("get_paths", 6, LookUp.paths(pool, false, draw)),
            new Mix.Part("file_info", 3, LookUp.info(pool, draw)),
            new Mix.Part("noop", 1, Fixed.noop())),
        draw);
  }

  private Look look(Duration at) {
    double used = heap.usedAfterCollection();
    return new Look(at, used, meter.residentKib() / 1024.0);
  }

  private void measure(Pool pool, Look idle, Tasks tasks, Scores scores)
      throws InterruptedException {
    var address = cluster.tracker().address();
    var crowd = new OpenLoop.Crowd(address, terms.clients(), PATIENCE);
    long begun = cluster.time().nanoTime();
    try (var loop = OpenLoop.open(crowd, cluster.time())) {
      askAll(loop);
      double millis = cluster.time().since(begun).toNanos() / 1e6;
      say.accept(
          "  %,d clients connected and answered in %,.0f ms".formatted(terms.clients(), millis));
      var what = "connecting %,d clients and answering each, ms".formatted(terms.clients());
      if (terms.clients() == TIMED) {
        scores.add(what, millis, Goal.atMost(MOST_MILLIS));
      } else {
        scores.add(what, millis);
      }
      var looks = new ArrayList<Look>();
      var looking = tasks.start("looks", () -> look(looks));
      var tally = new Tally(3);
      var before = cluster.consumption();
      loop.run(
          mix(pool, new LookUp.Draw(terms.clients(), 2)),
          Steady.of(terms.rate(), terms.length()),
          tally);
      var used = cluster.consumption().since(before);
      looking.cancel();
      var _ = looking.join(BETWEEN_LOOKS);
      judgeMemory(idle, looks, scores);
      judgeService(tally, used, loop.lost(), scores);
    }
  }

  private void askAll(OpenLoop loop) throws InterruptedException {
    var draw = new LookUp.Draw(terms.clients(), 3);
    var noops = new Mix(List.of(new Mix.Part("noop", 1, Fixed.noop())), draw);
    var tally = new Tally(1);
    // As fast as they can be sent, each client once.
    loop.run(noops, Steady.of(terms.clients() * 1000.0, Duration.ofMillis(1)), tally);
    if (tally.count(Ending.SERVED) != terms.clients()) {
      throw new IllegalStateException("not all clients were answered");
    }
  }

  /** Looks for as long as requests are sent. */
  private void look(List<Look> looks) throws InterruptedException {
    long begun = cluster.time().nanoTime();
    while (true) {
      cluster.time().sleep(BETWEEN_LOOKS);
      var at = cluster.time().since(begun);
      if (at.compareTo(terms.length()) > 0) {
        return;
      }
      var look = look(at);
      synchronized (looks) {
        looks.add(look);
      }
      say.accept(
          "  after %d s: heap %.2f MiB, resident %.0f MiB"
              .formatted(at.toSeconds(), look.heapMib(), look.residentMib()));
    }
  }

  private static void judgeMemory(Look idle, List<Look> shared, Scores scores) {
    List<Look> looks;
    synchronized (shared) {
      looks = List.copyOf(shared);
    }
    var settled = looks.stream().filter(each -> each.at().compareTo(SETTLING) >= 0).toList();
    if (settled.size() < 3) {
      throw new IllegalStateException("too few looks to tell anything: " + looks.size());
    }
    var slope = new Slope();
    settled.forEach(each -> slope.add(each.at().toMillis() / 60_000.0, each.heapMib()));
    double most = looks.stream().mapToDouble(Look::heapMib).max().orElseThrow();
    double resident = looks.stream().mapToDouble(Look::residentMib).max().orElseThrow();
    scores.add(
        "most heap after collection above the idle tracker's, MiB",
        most - idle.heapMib(),
        Goal.atMost(MOST_MIB));
    scores.add(
        "most resident memory above the idle tracker's, MiB",
        resident - idle.residentMib(),
        Goal.atMost(MOST_MIB));
    scores.add(
        "heap growth, MiB a minute (%d looks, standard error %.3f)"
            .formatted(settled.size(), slope.error()),
        slope.perUnit(),
        Goal.atMost(MOST_MIB_A_MINUTE));
  }

  private static void judgeService(Tally tally, Consumption used, int lost, Scores scores) {
    var served = tally.of(Ending.SERVED);
    scores.add("requests served", served.count());
    for (var ending : Ending.values()) {
      if (ending != Ending.SERVED) {
        scores.add("requests that ended otherwise: " + ending, tally.count(ending), Goal.atMost(0));
      }
    }
    scores.add("connections that ended", lost, Goal.atMost(0));
    scores.add("p50 from the scheduled time, ms", served.percentileOrNaN(50) / 1000);
    scores.add("p99 from the scheduled time, ms", served.percentileOrNaN(99) / 1000);
    scores.add("p99 of the generator's lag, ms", tally.lags().percentileOrNaN(99) / 1000);
    scores.add("tracker, CPU µs a request", (double) used.tracker() / tally.count());
    scores.add("database, CPU µs a request", (double) used.database() / tally.count());
  }
}
