package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.IdleClients;
import io.hayloft.bench.measure.FileLimit;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.tracker.talk.Fixed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How much memory the tracker takes when it has done its work, and how much more with clients that
 * are connected, have asked once, and wait.
 *
 * @param settling before each look
 */
record Memory(Cluster cluster, Duration settling, Consumer<String> say) {

  private static final double MOST_MIB = 180;
  private static final double MOST_KIB_EACH = 4;
  private static final double ORIGINAL_KIB_EACH = 3.4;
  private static final double ORIGINAL_MIB = 125;

  /** How many clients are to be connected within {@link #MOST_MILLIS}. */
  private static final int TIMED = 10_000;

  private static final double MOST_MILLIS = 2000;
  private static final double ORIGINAL_MILLIS = 4600;
  private static final int BUSY = 32;
  private static final Duration BUSY_FOR = Duration.ofSeconds(3);

  /** Descriptors that a process needs for other things. */
  private static final int OTHERS = 1000;

  void measure(List<Integer> clients, TrackerReport report) throws InterruptedException {
    report.add(
        new Finding(
            "resident memory after the runs, MiB",
            residentKib() / 1024.0,
            Optional.of(ORIGINAL_MIB),
            Optional.of(Goal.atMost(MOST_MIB))));
    for (int count : clients) {
      if (FileLimit.ofThisProcess() < count + OTHERS) {
        say.accept("not measured: " + count + " connections, since too few files may be open");
      } else {
        measure(count, report);
      }
    }
  }

  private void measure(int count, TrackerReport report) throws InterruptedException {
    // Else memory that is taken for the first time, as that of new objects, would count.
    try (var loop = ClosedLoop.open(cluster.tracker().address(), BUSY, cluster.time())) {
      var _ = loop.run(Fixed.noop(), BUSY_FOR);
    }
    cluster.time().sleep(settling);
    long before = residentKib();
    long begun = cluster.time().nanoTime();
    try (var idle = IdleClients.connect(cluster.tracker().address(), count)) {
      double millis = cluster.time().since(begun).toNanos() / 1e6;
      idle.askAll();
      cluster.time().sleep(settling);
      double each = (double) (residentKib() - before) / count;
      idle.askAll();
      say.accept(
          "  %,d clients connected in %,.0f ms, %.2f KiB each".formatted(count, millis, each));
      report.add(
          new Finding(
              "memory of each of %,d idle connections, KiB".formatted(count),
              each,
              Optional.of(ORIGINAL_KIB_EACH),
              Optional.of(Goal.atMost(MOST_KIB_EACH))));
      boolean isTimed = count == TIMED;
      report.add(
          new Finding(
              "connecting %,d clients, ms".formatted(count),
              millis,
              isTimed ? Optional.of(ORIGINAL_MILLIS) : Optional.empty(),
              isTimed ? Optional.of(Goal.atMost(MOST_MILLIS)) : Optional.empty()));
    }
  }

  private long residentKib() {
    return cluster.tracker().meter().residentKib();
  }
}
