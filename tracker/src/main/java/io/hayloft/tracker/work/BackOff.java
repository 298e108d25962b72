package io.hayloft.tracker.work;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When a file whose replication failed is tried again; the original's table. */
public final class BackOff {

  private static final long[] SECONDS = {15, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 86_400};

  private BackOff() {}

  /**
   * @param failures that went before, 0 for the first time; beyond the table it is a day
   * @return up to a fifth shorter or longer than the table says, so that files that failed together
   *     do not come back together
   */
  public static Duration after(int failures, RandomGenerator random) {
    return about(Duration.ofSeconds(SECONDS[Math.clamp(failures, 0, SECONDS.length - 1)]), random);
  }

  public static Duration about(Duration duration, RandomGenerator random) {
    return Duration.ofMillis(Math.round(duration.toMillis() * (0.8 + 0.4 * random.nextDouble())));
  }
}
