package io.hayloft.bench.tracker;

import io.hayloft.bench.report.Goal;
import java.util.Locale;

/**
 * What a tracker is asked for, with what the original reached at its best on the same kind of
 * machine (over 2, 5 and 20 of its query workers), and what Hayloft is to reach.
 */
enum Operation {
  NOOP("noop", new Original(21_330, 72, 121, 2_916), new Goals(100_000, 8)),
  PATHS("get_paths noverify=1", new Original(4_830, 370, 428, 19_078), new Goals(45_000, 30)),
  PATHS_CACHED(
      "get_paths noverify=1, path cache on",
      new Original(4_830, 370, 428, 19_078),
      new Goals(100_000, 12)),
  PATHS_VERIFYING(
      "get_paths, verifying", new Original(1_766, 790, 916, 33_989), new Goals(14_000, 80)),
  FILE_INFO("file_info", new Original(8_998, 190, 304, 6_576), new Goals(45_000, 30)),
  LIST_KEYS(
      "list_keys, 1,000 keys", new Original(787, 2_080, 2_015, 52_324), new Goals(3_500, 450)),
  RENAME("rename", new Original(4_302, 360, 506, 9_508), new Goals(20_000, 70)),
  DELETE("delete", new Original(3_198, 500, 653, 15_049), new Goals(20_000, 70)),
  CREATE_OPEN("create_open", new Original(3_462, 500, 600, 17_524), new Goals(45_000, 30)),
  CREATE(
      "create_open + PUT 16 KiB + create_close",
      new Original(511, 2_620, 4_282, 79_204),
      new Goals(5_000, 2_620 / 15.0));

  /** Where a latency that is to be reached is looked at. */
  static final int ALONE = 1;

  static final int CROWD = 32;

  private static final int TAIL_SHARE = 5;

  private final String title;
  private final double rate;
  private final double cost;
  private final double median;
  private final double tail;
  private final double rateGoal;
  private final double costGoal;

  Operation(String title, Original original, Goals goals) {
    this.title = title;
    this.rate = original.perSecond();
    this.cost = original.cpuMicros();
    this.median = original.p50Micros();
    this.tail = original.p99Micros();
    this.rateGoal = goals.perSecond();
    this.costGoal = goals.cpuMicros();
  }

  /**
   * What the original reached.
   *
   * @param perSecond over any number of connections
   * @param cpuMicros of tracker and database for each
   * @param p50Micros over one connection
   * @param p99Micros over 32
   */
  record Original(double perSecond, double cpuMicros, double p50Micros, double p99Micros) {}

  /**
   * What is to be reached.
   *
   * @param perSecond over any number of connections
   * @param cpuMicros of tracker and database for each
   */
  record Goals(double perSecond, double cpuMicros) {}

  String title() {
    return title;
  }

  /** What it is called on the command line. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Original original() {
    return new Original(rate, cost, median, tail);
  }

  Goal rateGoal() {
    return Goal.atLeast(rateGoal);
  }

  Goal cpuGoal() {
    return Goal.atMost(costGoal);
  }

  /** Over one connection: below the original's. */
  Goal medianGoal() {
    return Goal.atMost(median);
  }

  /** Over 32 connections: a fifth of the original's. */
  Goal tailGoal() {
    return Goal.atMost(tail / TAIL_SHARE);
  }
}
