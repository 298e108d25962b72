package io.hayloft.bench.report;

import static io.hayloft.bench.report.Yardstick.Better.HIGHER;
import static io.hayloft.bench.report.Yardstick.Better.LOWER;

import java.util.OptionalDouble;

/**
 * What is measured, with what the original reached at its best on the same kind of machine, and
 * what Hayloft is to reach.
 */
public enum Yardstick {
  REPLICATE("replicate", "files/s", 107, 1000, HIGHER),
  REPLICATE_CPU("replicate, tracker + database", "µs CPU/file", 3480, 300, LOWER),
  SECOND_COPY_MEDIAN("second copy of a fresh upload, p50", "ms", 1000, 50, LOWER),
  SECOND_COPY_P99("second copy of a fresh upload, p99", "ms", 3000, 250, LOWER),
  SECOND_COPY_LAST("second copy of a fresh upload, slowest", "ms", Double.NaN, Double.NaN, LOWER),
  HEAL("heal a dead node of 3,000 files", "s", 50, 5, LOWER),
  HEAL_MANY("heal a dead node", "s", Double.NaN, Double.NaN, LOWER),
  HEAL_RATE("heal a dead node, by its copies", "files/s", Double.NaN, 1000, HIGHER),
  FSCK("quick fsck, 2 copies", "files/s", 268, 25_000, HIGHER),
  FSCK_CHECKSUMS("fsck with checksums, 2 copies", "files/s", Double.NaN, Double.NaN, HIGHER),
  READING("cat + CRC32C of the same files", "files/s", Double.NaN, Double.NaN, HIGHER),
  FSCK_SHARE("fsck with checksums, of cat + CRC32C", "%", Double.NaN, 80, HIGHER),
  FSCK_CHECKSUMS_COLD(
      "fsck with checksums, page cache empty", "files/s", Double.NaN, Double.NaN, HIGHER),
  READING_COLD(
      "cat + CRC32C of the same files, page cache empty",
      "files/s",
      Double.NaN,
      Double.NaN,
      HIGHER),
  FSCK_SHARE_COLD(
      "fsck with checksums, of cat + CRC32C, page cache empty", "%", Double.NaN, 80, HIGHER),
  DELETE("delete, 2 copies", "files/s", 367, 3000, HIGHER),
  REBALANCE("rebalance", "files/s", 95, 800, HIGHER),
  DRAIN("drain", "files/s", 95, 800, HIGHER),
  KILLED("killed node gone from get_paths", "s", 2.3, 1.5, LOWER),
  HUNG("hung node gone from get_paths", "s", 4.4, 2.5, LOWER),
  SLOWEST_KILLED("slowest request while a node is dead", "ms", Double.NaN, 250, LOWER),
  SLOWEST_HUNG("slowest request while a node hangs", "ms", 2000, 250, LOWER),
  SLOWEST_QUIET("slowest request while all is well", "ms", Double.NaN, Double.NaN, LOWER),
  TRACKER_MEMORY("tracker's memory during fsck", "MiB", Double.NaN, 256, LOWER);

  /** Which way is good. */
  public enum Better {
    HIGHER,
    LOWER
  }

  private final String job;
  private final String unit;
  private final double original;
  private final double goal;
  private final Better better;

  Yardstick(String job, String unit, double original, double goal, Better better) {
    this.job = job;
    this.unit = unit;
    this.original = original;
    this.goal = goal;
    this.better = better;
  }

  public String job() {
    return job;
  }

  public String unit() {
    return unit;
  }

  public OptionalDouble original() {
    return given(original);
  }

  public OptionalDouble goal() {
    return given(goal);
  }

  public boolean meetsGoal(double value) {
    return Double.isNaN(goal) || (better == HIGHER ? value >= goal : value <= goal);
  }

  /**
   * How many times better than the original a value is; empty where there is nothing to compare.
   */
  public OptionalDouble timesOriginal(double value) {
    if (Double.isNaN(original) || value == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(better == HIGHER ? value / original : original / value);
  }

  private static OptionalDouble given(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
