package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.cluster.TrackerLine;
import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.measure.Sample;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a benchmark works with: an installation, files to fill it with, and the stopwatch. */
final class Stage {

  /** How long a job may take. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration SETTLING = Duration.ofSeconds(10);
  private static final int LOOKED_AT = 100;

  private final Cluster cluster;
  private final Tasks tasks;
  private final Scale scale;
  private final Filler filler;

  Stage(Cluster cluster, Tasks tasks, Scale scale) {
    this.cluster = cluster;
    this.tasks = tasks;
    this.scale = scale;
    this.filler = new Filler(cluster, tasks, scale.fileBytes());
  }

  Cluster cluster() {
    return cluster;
  }

  BenchDatabase database() {
    return cluster.database();
  }

  TrackerLine operator() {
    return cluster.operator();
  }

  Tasks tasks() {
    return tasks;
  }

  Time time() {
    return cluster.time();
  }

  Scale scale() {
    return scale;
  }

  Filler filler() {
    return filler;
  }

  /** One measured run. */
  @FunctionalInterface
  interface Run {
    Sample once() throws InterruptedException;
  }

  /** Does a run as often as asked for; the samples of those that count. */
  List<Sample> repeat(Run run) throws InterruptedException {
    for (int i = 0; i < scale.warmUps(); i++) {
      run.once();
    }
    var samples = new ArrayList<Sample>();
    for (int i = 0; i < scale.runs(); i++) {
      samples.add(run.once());
    }
    return samples;
  }

  Stopwatch begin() {
    return new Stopwatch(time().nanoTime(), cluster.consumption());
  }

  /** From the beginning of a run to its end. */
  final class Stopwatch {

    private final long started;
    private final Consumption before;
    private long trackerKib;

    private Stopwatch(long started, Consumption before) {
      this.started = started;
      this.before = before;
    }

    /** Waits until the job is done; the seconds since the beginning. */
    double await(String what, Cluster.Condition condition) throws InterruptedException {
      return await(what, GLANCE, condition);
    }

    /** As the other, looking more or less often. */
    double await(String what, Duration glance, Cluster.Condition condition)
        throws InterruptedException {
      long end =
          cluster.await(
              LONGEST,
              glance,
              what,
              () -> {
                trackerKib = Math.max(trackerKib, cluster.tracker().meter().residentKib());
                return condition.holds();
              });
      return (end - started) / 1e9;
    }

    Sample rate(long operations, double seconds) {
      return sample(operations / seconds, operations);
    }

    Sample sample(double value, long operations) {
      return new Sample(
          value,
          operations,
          cluster.consumption().since(before),
          trackerKib,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  /** The workers of a job in the tracker. */
  Crew crew(String job) {
    return new Crew(job, staff(job, "desired"));
  }

  private int staff(String job, String what) {
    var prefix = job + " " + what + " ";
    return operator().console("!jobs").stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> Integer.parseInt(line.substring(prefix.length()).strip()))
        .findFirst()
        .orElse(0);
  }

  /** The workers of a job. */
  final class Crew {

    private final String job;

    /** How many there were when nobody had asked for any. */
    private final int usual;

    private Crew(String job, int usual) {
      this.job = job;
      this.usual = usual;
      if (usual < 1) {
        throw new IllegalStateException("the tracker has no workers for " + job);
      }
    }

    void off() throws InterruptedException {
      operator().console("!want 0 " + job);
      cluster.await(SETTLING, GLANCE, job + " off", () -> staff(job, "count") == 0);
    }

    void on() {
      operator().console("!want " + usual + " " + job);
    }
  }

  /**
   * Sees that all files have so many copies, and that a sample of them has the right bytes.
   *
   * @throws IllegalStateException when they have not
   */
  void mustBeWhole(List<Laid> files, int copies) {
    long others = database().filesWithOtherCopies(copies);
    if (others > 0) {
      throw new IllegalStateException(others + " files have not " + copies + " copies");
    }
    int step = Math.max(1, files.size() / LOOKED_AT);
    for (int i = 0; i < files.size(); i += step) {
      mustHaveBytes(files.get(i));
    }
  }

  private void mustHaveBytes(Laid file) {
    var right = filler.bytes(file.fid());
    for (var device : database().devicesOf(file.fid())) {
      var path = cluster.nodeOf(device).file(new ReplicaPath(device, file.fid()));
      try {
        if (!Arrays.equals(right, Files.readAllBytes(path))) {
          throw new IllegalStateException(path + " has other bytes than were stored");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
