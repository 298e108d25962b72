package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.policy.EvenPlan;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.Amount;
import io.hayloft.tracker.store.MoveJob.Counts;
import io.hayloft.tracker.store.MoveJob.Position;
import io.hayloft.tracker.store.MoveJob.State;
import io.hayloft.tracker.store.MoveJobStore;
import io.hayloft.tracker.store.MoveJobStore.Advance;
import io.hayloft.tracker.store.RebalanceStore;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes devices about equally full, in rounds. A round is planned on how full the devices are seen
 * to be ({@link EvenPlan}) and goes on by its own account, since what it moves is seen late. Then
 * it waits until the devices have been read again. It is over when all are near enough to the mean,
 * when nothing more can be moved, or when the devices do not become more even by what is moved.
 */
final class EvenRun implements JobRun {

  private static final int PORTION = 512;
  private static final int GIVERS_AT_ONCE = 8;
  private static final int MOST_ROUNDS_WITHOUT_PROGRESS = 3;
  private static final double PROGRESS = 0.95;
  private static final Duration BEHIND_REBALANCE = Duration.ofSeconds(10);
  private static final double PERCENT = 100;

  /**
   * What the run works with.
   *
   * @param rebalance where it is told whether files are being moved by a policy
   */
  record Ports(
      FileStore files,
      MoveJobStore jobs,
      RebalanceStore rebalance,
      BatchMoving moving,
      ReplicationPolicies policies) {}

  /**
   * Time and chance, and what this tracker's machine is called.
   *
   * @param settling how long it takes until moves are seen in how full devices are
   */
  record Ambience(Time time, RandomGenerator random, String host, Duration settling) {}

  private final Cluster cluster;
  private final Ports ports;
  private final Ambience ambience;
  private final MovePlan movePlan;
  private final Tally tally;
  private final Map<DeviceId, Long> positions = new HashMap<>();
  private @Nullable EvenPlan plan;
  private long roundEnded;
  private int rounds;
  private long movedInRound;
  private long left;
  private double lastDeviation = Double.MAX_VALUE;
  private int withoutProgress;

  EvenRun(Cluster cluster, Ports ports, Ambience ambience) {
    this.cluster = cluster;
    this.ports = ports;
    this.ambience = ambience;
    this.movePlan = new MovePlan(ports.policies());
    this.tally = new Tally(ambience.time());
  }

  @Override
  public Duration portion(MoveJob job) throws InterruptedException {
    var wait = tally.untilAllowed(job.terms().bytesPerSecond());
    if (wait.isPositive()) {
      return wait;
    }
    if (ports.rebalance().status().host().isPresent()) {
      advance(job, 0, 0, "waits for the rebalance by policy to end");
      return BEHIND_REBALANCE;
    }
    var current = plan;
    if (current == null) {
      return begin(job);
    }
    var chosen = choose(job, current);
    if (!chosen.isEmpty()) {
      move(job, current, chosen);
    }
    return givers(current).isEmpty() ? endRound(job) : Duration.ZERO;
  }

  /** Begins a round, or ends the job. */
  private Duration begin(MoveJob job) {
    var settled = ambience.settling().minus(ambience.time().since(roundEnded));
    if (rounds > 0 && settled.isPositive()) {
      return settled;
    }
    var begun = new EvenPlan(EvenPlan.levels(cluster.view()), job.terms().thresholdPercent());
    double deviation = begun.deviation();
    if (begun.isEven()) {
      finish(job, "all devices are within %s of %s".formatted(terms(job), percent(begun.mean())));
      return Duration.ZERO;
    }
    if (rounds > 0) {
      withoutProgress = deviation > lastDeviation * PROGRESS ? withoutProgress + 1 : 0;
      if (withoutProgress >= MOST_ROUNDS_WITHOUT_PROGRESS) {
        finish(
            job,
            "the devices do not become more even by what is moved: %s from the mean still"
                .formatted(percent(deviation)));
        return Duration.ZERO;
      }
    }
    lastDeviation = deviation;
    rounds++;
    movedInRound = 0;
    positions.clear();
    tally.forgetStays();
    plan = begun;
    left = begun.bytesForeseen();
    advance(job, 0, 0, "");
    return Duration.ZERO;
  }

  private Duration endRound(MoveJob job) {
    var ended = plan;
    plan = null;
    roundEnded = ambience.time().nanoTime();
    if (movedInRound == 0 && ended != null) {
      var stays = tally.text();
      finish(
          job,
          "nothing more can be moved: %s from the mean still%s"
              .formatted(percent(ended.deviation()), stays.isEmpty() ? "" : "; " + stays));
      return Duration.ZERO;
    }
    advance(job, 0, 0, "waits until the devices have been read again");
    return Duration.ZERO;
  }

  private void finish(MoveJob job, String note) {
    ports.jobs().finish(job.id(), State.DONE, note);
  }

  private static String terms(MoveJob job) {
    return percent(job.terms().thresholdPercent() / PERCENT);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share * PERCENT);
  }

  /** A file that is to be moved, and where to by the plan's account. */
  private record Chosen(MoveAsk ask, Optional<DeviceId> to) {}

  /** Of the next files those that are to be moved. */
  private List<Chosen> choose(MoveJob job, EvenPlan current) {
    var givers = givers(current);
    var chosen = new LinkedHashMap<Fid, Chosen>();
    for (var giver : givers) {
      choose(job, current, giver, PORTION / givers.size(), chosen);
    }
    return List.copyOf(chosen.values());
  }

  private List<DeviceId> givers(EvenPlan current) {
    return current.givers().stream().filter(this::hasMore).limit(GIVERS_AT_ONCE).toList();
  }

  private boolean hasMore(DeviceId giver) {
    return positions.getOrDefault(giver, 0L) < Long.MAX_VALUE;
  }

  private void choose(
      MoveJob job, EvenPlan current, DeviceId giver, int most, Map<Fid, Chosen> chosen) {
    long after = positions.getOrDefault(giver, 0L);
    var read = ports.jobs().filesOn(giver, after, job.terms().scope(), most);
    var files = tally.allowed(read);
    var located = ports.files().locate(files.stream().map(Candidate::fid).toList());
    for (var file : files) {
      var now = located.get(file.fid());
      if (now != null && !chosen.containsKey(file.fid())) {
        decide(current, giver, now).ifPresent(each -> chosen.put(file.fid(), each));
      }
    }
    positions.put(giver, files.isEmpty() ? Long.MAX_VALUE : files.getLast().fid().value());
  }

  private Optional<Chosen> decide(EvenPlan current, DeviceId giver, Located now) {
    var file = now.file();
    var takers = Set.copyOf(current.takers(giver, file.length()));
    if (takers.isEmpty() || !now.devices().contains(giver)) {
      return Optional.empty();
    }
    var task = new Task(file, Set.copyOf(now.devices()), giver, takers);
    return switch (movePlan.decide(task, Set.of(), cluster.view(), ambience.random())) {
      case Next.Keep(var why) -> {
        tally.stays(file.fid(), why);
        yield Optional.empty();
      }
      case Next.Remove() -> {
        current.move(giver, Optional.empty(), file.length());
        yield Optional.of(
            new Chosen(new MoveAsk(file.fid(), giver, Set.of(), file.length()), Optional.empty()));
      }
      case Next.CopyTo(var to) -> copyTo(current, task, to.id());
    };
  }

  /** A file that needs more than one copy before it may leave is not for levelling. */
  private Optional<Chosen> copyTo(EvenPlan current, Task task, DeviceId to) {
    var file = task.file();
    var others = new HashSet<>(task.on());
    others.add(to);
    others.remove(task.off());
    if (!movePlan.mayRemove(file, task.off(), others, cluster.view(), ambience.random())) {
      tally.stays(file.fid(), "it is badly placed, and one copy more would not be enough");
      return Optional.empty();
    }
    current.move(task.off(), Optional.of(to), file.length());
    return Optional.of(
        new Chosen(
            new MoveAsk(file.fid(), task.off(), Set.of(to), file.length()), Optional.of(to)));
  }

  private void move(MoveJob job, EvenPlan current, List<Chosen> chosen)
      throws InterruptedException {
    var asks = new ArrayList<MoveAsk>();
    chosen.forEach(each -> asks.add(each.ask()));
    var outcomes = ports.moving().move(asks, false);
    long files = 0;
    long bytes = 0;
    long copied = 0;
    for (var each : chosen) {
      var fid = each.ask().fid();
      switch (outcomes.getOrDefault(fid, new MoveOutcome.Away())) {
        case MoveOutcome.Moved(var _, var length, var copiedBytes) -> {
          files++;
          bytes += length;
          copied += copiedBytes;
        }
        case MoveOutcome.Kept(var why) -> {
          tally.stays(fid, why);
          current.undo(each.ask().off(), each.to(), each.ask().length());
        }
        case MoveOutcome.Busy() -> {
          tally.stays(fid, "somebody else is at it");
          current.undo(each.ask().off(), each.to(), each.ask().length());
        }
        case MoveOutcome.Away() -> current.undo(each.ask().off(), each.to(), each.ask().length());
      }
    }
    movedInRound += files;
    tally.add(files, copied);
    left = Math.max(0, left - bytes);
    advance(job, files, bytes, tally.text());
  }

  private void advance(MoveJob job, long files, long bytes, String note) {
    ports
        .jobs()
        .advance(
            new Advance(
                job.id(),
                ambience.host(),
                new Counts(
                    new Position(0, Math.max(1, rounds)),
                    new Amount(files, bytes),
                    tally.stayed(),
                    new Amount(0, left),
                    tally.speed()),
                note));
  }
}
