package io.hayloft.bench.healing;

import io.hayloft.bench.report.Yardstick;
import java.time.Duration;
import java.util.List;

/**
 * All that is measured of self-healing. What deletes comes last: files are slow to make after it.
 */
final class Benchmarks {

  private static final int CURVE_BEGINS = 15_000;
  private static final int CURVE_ENDS = 150_000;
  private static final int DEAD_NODE = 3000;

  private Benchmarks() {}

  static List<Benchmark> all() {
    return List.of(
        new Replicate(),
        new FreshUploads(),
        new Heal("heal", DEAD_NODE, Yardstick.HEAL),
        // Two thirds of the files have a copy on the dead node.
        new Heal("heal-10000", CURVE_BEGINS, Yardstick.HEAL_MANY),
        new Heal("heal-100000", CURVE_ENDS, Yardstick.HEAL_MANY),
        new Fsck(),
        new FsckChecksums(false),
        new FsckChecksums(true),
        new Outage(Duration.ofSeconds(5)),
        new Memory(),
        new Rebalance(),
        new Drain(),
        new Delete());
  }

  /** Whether it takes so long that it must be asked for. */
  static boolean isLong(Benchmark benchmark) {
    return benchmark.name().equals("memory") || benchmark.name().equals("heal-100000");
  }
}
