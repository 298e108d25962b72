package io.hayloft.bench.growth;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells, every few seconds, how much of something long is done and when it will be over. */
final class Progress {

  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int WIDTH = 20;

  private final long all;
  private final Time time;
  private final Consumer<String> say;
  private final long begun;
  private long told;

  Progress(long all, Time time, Consumer<String> say) {
    this.all = all;
    this.time = time;
    this.say = say;
    this.begun = time.nanoTime();
    this.told = begun;
  }

  void done(long files) {
    if (files >= all || time.since(told).compareTo(EVERY) >= 0) {
      told = time.nanoTime();
      say.accept(line(files, all, time.since(begun)));
    }
  }

  static String line(long done, long all, Duration taken) {
    int filled = (int) (WIDTH * done / all);
    double seconds = Math.max(1, taken.toMillis()) / 1000.0;
    double rate = done / seconds;
    var end =
        done >= all
            ? "in %.0f s".formatted(seconds)
            : "%s to go".formatted(clock(Math.round((all - done) / Math.max(rate, 1e-9))));
    return String.format(
        Locale.ROOT,
        "  [%s%s] %3d %%  %,d of %,d, %,.0f/s, %s",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        100 * done / all,
        done,
        all,
        rate,
        end);
  }

  private static String clock(long seconds) {
    return seconds < 60 ? seconds + " s" : "%d min %d s".formatted(seconds / 60, seconds % 60);
  }
}
