package io.hayloft.bench.replay;

import io.hayloft.bench.call.Voice;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.Ledger;
import io.hayloft.bench.loop.OpenLoop;
import io.hayloft.bench.loop.Tally;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.report.Scores;
import io.hayloft.runtime.time.Time;
import java.io.Console;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SplittableRandom;

/** Lays down what a log takes for granted, then repeats it. */
final class Repetition {

  private static final int UPLOADERS = 8;
  private static final Duration FILLING = Duration.ofHours(6);

  /** Clients of such a store wait for three seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Site site;
  private final Terms terms;
  private final Time time;
  private final Voice voice;

  /** Where files are stored. */
  record Site(InetSocketAddress tracker, String domain, String fileClass) {

    Replay.Target target() {
      return new Replay.Target(domain, fileClass);
    }
  }

  /**
   * How.
   *
   * @param largest no file has more bytes
   */
  record Terms(double speed, int connections, int largest) {}

  Repetition(Site site, Terms terms, Time time, Voice voice) {
    this.site = site;
    this.terms = terms;
    this.time = time;
    this.voice = voice;
  }

  void measure(Log log, Scores scores) throws InterruptedException {
    var bytes = bytes(log);
    lay(log, bytes);
    var replay = new Replay(log, terms.speed(), site.target(), bytes, terms.connections());
    var tally = new Tally(Method.ALL.size());
    var crowd = new OpenLoop.Crowd(site.tracker(), terms.connections(), PATIENCE);
    long begun = time.nanoTime();
    int lost;
    try (var loop = OpenLoop.open(crowd, time)) {
      var shown = new Shown(tally, progress("replaying", log.count()), replay, begun);
      loop.run(replay, replay, shown);
      shown.end();
      lost = loop.lost();
    }
    judge(log, replay, tally, time.since(begun), scores);
    scores.add("connections that ended", lost, Goal.atMost(0));
  }

  /** As many as the largest file has; that no two files differ is nothing that anybody looks at. */
  private ByteBuffer bytes(Log log) {
    int most = log.before().values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int i = 0; i < log.count(); i++) {
      most = Math.max(most, log.method(i) == Method.PUT ? log.size(i) : 0);
    }
    var block = new byte[Math.min(most, terms.largest())];
    new SplittableRandom(most).nextBytes(block);
    return ByteBuffer.allocateDirect(block.length).put(block).clear();
  }

  private void lay(Log log, ByteBuffer bytes) {
    var files = new ArrayList<>(log.before().entrySet());
    var progress = progress("laying files", files.size());
    long begun = time.nanoTime();
    var filling = new Filling(files, site.target(), bytes, UPLOADERS);
    try (var loop = ClosedLoop.open(site.tracker(), UPLOADERS, time)) {
      // In parts, so that somebody can see how far it is.
      while (!filling.isOver()) {
        var _ = loop.run(filling, Duration.ofMillis(500));
        progress.at(filling.done(), time.since(begun).toNanos());
        if (time.since(begun).compareTo(FILLING) > 0) {
          throw new IllegalStateException("laying files takes more than " + FILLING);
        }
      }
    }
    progress.end(filling.done());
  }

  private Progress progress(String what, long all) {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Progress(voice.err(), terminal, what, all);
  }

  /** A tally that shows how far it is. */
  private final class Shown implements Ledger {

    private final Tally tally;
    private final Progress progress;
    private final Replay replay;
    private final long begun;

    Shown(Tally tally, Progress progress, Replay replay, long begun) {
      this.tally = tally;
      this.progress = progress;
      this.replay = replay;
      this.begun = begun;
    }

    @Override
    public void begun(long due, long lag) {
      tally.begun(due, lag);
    }

    @Override
    public void ended(int kind, Ending ending, long due, long took) {
      tally.ended(kind, ending, due, took);
      progress.at(replay.begun(), time.nanoTime() - begun);
    }

    void end() {
      progress.end(replay.begun());
    }
  }

  private void judge(Log log, Replay replay, Tally tally, Duration took, Scores scores) {
    double seconds = took.toMillis() / 1000.0;
    scores.add("accesses of the log, /s at this speed", log.count() / wanted(log));
    scores.add("accesses, /s", tally.count() / seconds);
    for (var method : Method.ALL) {
      judge(method, tally, scores);
    }
    scores.add("MiB read, /s", replay.bytesRead() / seconds / (1 << 20));
    scores.add("MiB stored, /s", replay.bytesStored() / seconds / (1 << 20));
    scores.add("files that were missing", replay.missing());
    for (var ending : Ending.values()) {
      if (ending != Ending.SERVED) {
        var what = "ended otherwise: " + ending;
        scores.add(what, tally.count(ending), Goal.atMost(0));
      }
    }
    replay.errors().forEach((words, count) -> scores.add("answered " + words, count));
    scores.add("the generator's lag, p50, ms", tally.lags().percentileOrNaN(50) / 1000);
    scores.add("the generator's lag, p99, ms", tally.lags().percentileOrNaN(99) / 1000);
    scores.add("the generator's lag, most, ms", tally.lags().percentileOrNaN(100) / 1000);
    voice.say("replayed in %,.1f s".formatted(seconds));
  }

  private double wanted(Log log) {
    return Math.max(1, log.length().toNanos()) / 1e9 / terms.speed();
  }

  private static void judge(Method method, Tally tally, Scores scores) {
    var served = tally.of(method.number(), Ending.SERVED);
    if (served.count() > 0) {
      var what = method.title() + " (%,d)".formatted(served.count());
      scores.add(what + ": p50 from the scheduled time, ms", served.percentileMicros(50) / 1000);
      scores.add(what + ": p99, ms", served.percentileMicros(99) / 1000);
      scores.add(what + ": slowest, ms", served.percentileMicros(100) / 1000);
    }
  }
}
