package io.hayloft.bench.node;

import io.hayloft.bench.node.Contest.Goals;
import java.time.Duration;
import java.util.List;

/** All that is measured of a storage node, with what is to be reached. */
final class Trials {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** More than either server writes in the time: 6.5 GB of 16 KiB each, removed at the end. */
  private static final int FRESH = 400_000;

  private Trials() {}

  static List<Trial> all() {
    return List.of(
        reading("get-1k", KIB, 4000, Goals.of(1.2, 0.9)),
        reading("get-16k", 16 * KIB, 4000, Goals.of(1.2, 0.85)),
        reading("get-64k", 64 * KIB, 1000, Goals.of(1.1, 0.95)),
        reading("get-128k", 128 * KIB, 500, Goals.of(1.05, 1.05)),
        reading("get-1m", MIB, 64, Goals.of(1, 1.1)),
        reading("get-10m", 10 * MIB, 16, Goals.of(1, 1.1)),
        writing("put-16k", Kind.PUT, 16 * KIB, FRESH, Goals.of(1.2, 1.15)),
        writing("put-1m", Kind.PUT, MIB, 2000, Goals.of(1.1, 1.2)),
        writing("put-16k-durable", Kind.DURABLE_PUT, 16 * KIB, FRESH, Goals.of(0.9, 1.6)),
        new Idle(10_000, Duration.ofSeconds(2)),
        new Start(),
        new Cold(4000, 400),
        new Yield(400, 1000),
        new Curve());
  }

  private static Trial reading(String name, int bytes, int files, Goals goals) {
    return new Reading(new Contest(name, Kind.GET, bytes, files, goals));
  }

  private static Trial writing(String name, Kind kind, int bytes, int files, Goals goals) {
    return new Writing(new Contest(name, kind, bytes, files, goals));
  }
}
