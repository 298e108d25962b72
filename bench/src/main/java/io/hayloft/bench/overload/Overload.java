package io.hayloft.bench.overload;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.OpenLoop;
import io.hayloft.bench.loop.Steady;
import io.hayloft.bench.loop.Tally;
import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.report.Scores;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Mix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** A tracker is asked for several times as much as it can do, and then for half of it again. */
final class Overload {

  /** At the sustainable rate so many of all requests are served. */
  private static final double SUSTAINED = 0.99;

  /** And the slowest hundredth of them within this: more would be a queue that grows. */
  private static final double SUSTAINED_P99_MICROS = 250_000;

  private static final double SERVED_GOAL = 0.9;
  private static final double RECOVERY_MILLIS = 1_000;
  private static final double CALM = 0.5;
  private static final Duration WINDOW = Duration.ofMillis(100);
  private static final int BEFORE = 0;
  private static final int OVER = 1;
  private static final int AFTER = 2;

  /** In which a p99 of calm times may be exceeded without anything being wrong. */
  private static final double SLACK = 2;

  private static final double SLACK_MICROS = 20_000;

  /**
   * Who finds all connections taken is not sent after that long: else those who wait for one would
   * be what is measured, and go on to come when the load has ended.
   */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** The rate of a chunk that is not that much better shows that the tracker is warm. */
  private static final double STILL_RISING = 1.05;

  private static final int CHUNKS = 4;
  private static final int MOST_CHUNKS = 12;
  private static final Duration TRIAL = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Terms terms;
  private final Function<LookUp.Draw, Mix> mixes;
  private final Consumer<String> say;
  private final ProcessMeter self = new ProcessMeter(ProcessHandle.current().pid());
  private long seed = 1;

  /**
   * How much is measured.
   *
   * @param connections of clients that ask by the clock
   * @param factor how many times the sustainable rate
   * @param length of the overload
   * @param calm before it and after it
   * @param warmUp seconds of load before anything counts
   */
  record Terms(int connections, double factor, Duration length, Duration calm, Duration warmUp) {}

  /**
   * @param mixes what is asked for
   */
  Overload(Cluster cluster, Terms terms, Function<LookUp.Draw, Mix> mixes, Consumer<String> say) {
    this.cluster = cluster;
    this.terms = terms;
    this.mixes = mixes;
    this.say = say;
  }

  void measure(Scores scores) throws InterruptedException {
    double guess = warmUp();
    var address = cluster.tracker().address();
    var crowd = new OpenLoop.Crowd(address, terms.connections(), PATIENCE);
    try (var loop = OpenLoop.open(crowd, cluster.time())) {
      var peak = Peak.find(guess, rate -> attempt(loop, rate), this::tell);
      scores.add("sustainable rate, requests/s", peak.served());
      overload(loop, peak, scores);
    }
  }

  /** As many clients as the tracker answers at a time, each asking as soon as it was answered. */
  private double warmUp() throws InterruptedException {
    say.accept("warming up...");
    int clients = 256;
    double best = 0;
    try (var loop = ClosedLoop.open(cluster.tracker().address(), clients, cluster.time())) {
      var chunk = terms.warmUp().dividedBy(CHUNKS);
      boolean rising = true;
      for (int i = 0; i < CHUNKS || (rising && i < MOST_CHUNKS); i++) {
        var mix = mixes.apply(new LookUp.Draw(clients, seed++));
        double rate = loop.run(mix, chunk).perSecond();
        rising = rate > best * STILL_RISING;
        best = Math.max(best, rate);
        cluster.database().forgetUploads();
      }
    }
    say.accept("  %,.0f requests/s in a closed loop".formatted(best));
    return best;
  }

  private Peak.Trial attempt(OpenLoop loop, double rate) {
    var mix = mixes.apply(new LookUp.Draw(terms.connections(), seed++));
    var tally = new Tally(mix.names().size());
    try {
      loop.run(mix, Steady.of(rate, TRIAL), tally);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    cluster.database().forgetUploads();
    var served = tally.of(Ending.SERVED);
    boolean sustained =
        served.count() >= SUSTAINED * tally.count()
            && served.percentileMicros(99) <= SUSTAINED_P99_MICROS;
    return new Peak.Trial(rate, served.count() / (TRIAL.toMillis() / 1000.0), sustained);
  }

  private void tell(Peak.Trial trial) {
    say.accept(
        "  %,.0f/s by the clock: %,.0f served, %s"
            .formatted(
                trial.rate(), trial.served(), trial.isSustained() ? "sustained" : "too much"));
  }

  private void overload(OpenLoop loop, Peak.Trial peak, Scores scores) throws InterruptedException {
    var spans =
        List.of(
            new Steady.Span(CALM * peak.served(), terms.calm()),
            new Steady.Span(terms.factor() * peak.served(), terms.length()),
            new Steady.Span(CALM * peak.served(), terms.calm()));
    // A last moment, for the meters to be read at the end of the one before.
    var all = new ArrayList<>(spans);
    all.add(new Steady.Span(CALM * peak.served(), WINDOW));
    var lengths = all.stream().map(Steady.Span::length).toList();
    var mix = mixes.apply(new LookUp.Draw(terms.connections(), seed++));
    var ledger = new Spans(lengths, WINDOW, mix.names().size());
    var meters = new Meters(new Steady(all), lengths, this::used);
    say.accept("%.1f times as much...".formatted(terms.factor()));
    loop.run(mix, meters, ledger);
    judge(peak, ledger, meters, scores);
    scores.add("connections that ended", loop.lost(), Goal.atMost(0));
    mix.errors().forEach((words, count) -> scores.add("answered " + words, count));
    cluster.database().forgetUploads();
  }

  private Meters.Used used() {
    return new Meters.Used(cluster.consumption(), self.cpuMicros(), cluster.time().nanoTime());
  }

  private void judge(Peak.Trial peak, Spans spans, Meters meters, Scores scores) {
    double seconds = terms.length().toMillis() / 1000.0;
    var calm = spans.of(BEFORE);
    var over = spans.of(OVER);
    var served = over.of(Ending.SERVED);
    var refused = over.of(Ending.REFUSED);
    double perSecond = served.count() / seconds;
    scores.add("asked for in the overload, requests/s", over.count() / seconds);
    scores.add("served, requests/s", perSecond);
    scores.add(
        "served, of the sustainable rate", perSecond / peak.served(), Goal.atLeast(SERVED_GOAL));
    scores.add("refused (busy), requests/s", refused.count() / seconds);
    scores.add("not sent for want of a free connection, /s", over.count(Ending.UNSENT) / seconds);
    scores.add(
        "failed otherwise or not answered",
        over.count(Ending.FAILED) + over.count(Ending.LOST),
        Goal.atMost(0));
    scores.add("refusals, p50 from the scheduled time, ms", millis(refused.percentileOrNaN(50)));
    scores.add("refusals, p99, ms", millis(refused.percentileOrNaN(99)));
    scores.add("served, p50, ms", millis(served.percentileOrNaN(50)));
    scores.add("served, p99, ms", millis(served.percentileOrNaN(99)));
    scores.add("the generator's lag, p99, ms", millis(over.lags().percentileOrNaN(99)));
    double before = calm.of(Ending.SERVED).percentileOrNaN(99);
    scores.add("p99 in calm before, ms", millis(before));
    scores.add(
        "p99 in calm after, ms", millis(spans.of(AFTER).of(Ending.SERVED).percentileOrNaN(99)));
    double bound = Math.max(SLACK * before, before + SLACK_MICROS);
    scores.add(
        "until all is served with a p99 of at most %s ms again, ms"
            .formatted(String.format(Locale.ROOT, "%.1f", millis(bound))),
        spans.recovery(AFTER, bound).toMillis(),
        Goal.atMost(RECOVERY_MILLIS));
    tellProcessors("calm", meters.of(BEFORE), scores);
    tellProcessors("overload", meters.of(OVER), scores);
  }

  private static void tellProcessors(String when, Meters.Used used, Scores scores) {
    var all = used.consumption();
    scores.add("processors, %s: tracker".formatted(when), used.processors(all.tracker()));
    scores.add("processors, %s: database".formatted(when), used.processors(all.database()));
    scores.add("processors, %s: generator".formatted(when), used.processors(used.asking()));
  }

  private static double millis(double micros) {
    return micros / 1000;
  }
}
