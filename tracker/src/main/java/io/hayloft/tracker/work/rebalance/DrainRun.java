package io.hayloft.tracker.work.rebalance;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.store.MoveJob;
import io.hayloft.tracker.store.MoveJob.Amount;
import io.hayloft.tracker.store.MoveJob.Counts;
import io.hayloft.tracker.store.MoveJob.Position;
import io.hayloft.tracker.store.MoveJob.State;
import io.hayloft.tracker.store.MoveJobStore;
import io.hayloft.tracker.store.MoveJobStore.Advance;
import io.hayloft.tracker.store.MoveJobStore.Remains;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Empties one device: goes through its files, moves each to where its policy wants it, and begins
 * anew until nothing is recorded there any more, nothing waits to be deleted there, and no upload
 * that was begun before can still come. Files that cannot be moved are tried again in each pass.
 */
final class DrainRun implements JobRun {

  private static final int PORTION = 512;

  /**
   * Until then a tracker may take the device for one that new files go to: more than two readings
   * of the database.
   */
  private static final long VIEWS_ARE_OLD_SECONDS = 10;

  private static final long MOST_COUNTED = 100_000;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int MOST_DOUBLINGS = 6;

  private final Cluster cluster;
  private final MoveJobStore store;
  private final BatchMoving moving;
  private final String host;
  private final Tally tally;
  private boolean movedInPass;
  private int idlePasses;

  /**
   * @param host what this tracker's machine is called
   */
  DrainRun(Cluster cluster, MoveJobStore store, BatchMoving moving, Time time, String host) {
    this.cluster = cluster;
    this.store = store;
    this.moving = moving;
    this.host = host;
    this.tally = new Tally(time);
  }

  @Override
  public Duration portion(MoveJob job) throws InterruptedException {
    var wait = tally.untilAllowed(job.terms().bytesPerSecond());
    if (wait.isPositive()) {
      return wait;
    }
    var device = job.terms().device().orElseThrow();
    if (isChangedBySomebody(job, device)) {
      return Duration.ZERO;
    }
    var files =
        tally.allowed(
            store.filesOn(device, job.counts().position().fid(), job.terms().scope(), PORTION));
    if (files.isEmpty()) {
      return endPass(job, device);
    }
    var targets = targets(device);
    var asks =
        files.stream()
            .map(file -> new MoveAsk(file.fid(), device, targets, file.length()))
            .toList();
    count(job, moving.move(asks, true), asks.getLast().fid());
    return Duration.ZERO;
  }

  private Set<DeviceId> targets(DeviceId device) {
    var view = cluster.view();
    return view.devices().stream()
        .filter(view::shouldGetNewFiles)
        .map(Device::id)
        .filter(id -> !id.equals(device))
        .collect(toUnmodifiableSet());
  }

  /** Ends the job when the device is not in drain any more. */
  private boolean isChangedBySomebody(MoveJob job, DeviceId device) {
    var seen = cluster.view().device(device).map(Device::status);
    if (isYoung(job) || seen.filter(DeviceStatus.DRAIN::equals).isPresent()) {
      return false;
    }
    var status = store.remains(device, 1).status();
    if (status.filter(DeviceStatus.DRAIN::equals).isPresent()) {
      return false;
    }
    store.finish(
        job.id(),
        State.STOPPED,
        "somebody made dev%d %s, so nothing more is moved off it"
            .formatted(device.value(), status.map(DeviceStatus::wire).orElse("unknown")));
    return true;
  }

  private static boolean isYoung(MoveJob job) {
    return job.times().now() - job.times().started() < VIEWS_ARE_OLD_SECONDS;
  }

  private void count(MoveJob job, Map<Fid, MoveOutcome> outcomes, Fid last) {
    long files = 0;
    long bytes = 0;
    long copied = 0;
    long away = 0;
    for (var each : outcomes.entrySet()) {
      switch (each.getValue()) {
        case MoveOutcome.Moved(var _, var length, var copiedBytes) -> {
          files++;
          bytes += length;
          copied += copiedBytes;
        }
        case MoveOutcome.Kept(var why) -> tally.stays(each.getKey(), why);
        case MoveOutcome.Busy() -> tally.stays(each.getKey(), "somebody else is at it");
        case MoveOutcome.Away() -> away++;
      }
    }
    movedInPass |= files + away > 0;
    tally.add(files, copied);
    var before = job.counts();
    advance(
        job,
        new Counts(
            new Position(last.value(), before.position().pass()),
            new Amount(files, bytes),
            tally.stayed(),
            new Amount(Math.max(tally.stayed(), before.left().files() - files - away), 0),
            tally.speed()),
        tally.text());
  }

  private void advance(MoveJob job, Counts counts, String note) {
    store.advance(new Advance(job.id(), host, counts, note));
  }

  private Duration endPass(MoveJob job, DeviceId device) {
    var remains = store.remains(device, MOST_COUNTED);
    if (remains.isEmpty() && !isYoung(job)) {
      store.finish(
          job.id(), State.DONE, "dev%d is empty; it is safe to remove".formatted(device.value()));
      return Duration.ZERO;
    }
    boolean progress = movedInPass;
    idlePasses = progress ? 0 : Math.min(MOST_DOUBLINGS, idlePasses + 1);
    tally.add(0, 0);
    advance(
        job,
        new Counts(
            new Position(0, job.counts().position().pass() + 1),
            Amount.NONE,
            tally.stayed(),
            new Amount(remains.rows(), 0),
            tally.speed()),
        awaited(remains));
    tally.forgetStays();
    movedInPass = false;
    return progress || remains.isEmpty() ? SOON : wait(idlePasses);
  }

  private static Duration wait(int passes) {
    var wait = SOON.multipliedBy(1L << passes);
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private String awaited(Remains remains) {
    var text = new StringJoiner("; ");
    var stays = tally.text();
    if (!stays.isEmpty()) {
      text.add(stays);
    }
    long deletions = remains.rows() - tally.stayed();
    if (deletions > 0 && remains.rows() < MOST_COUNTED) {
      text.add(
          "%d recorded %s moved, came meanwhile or %s about to be deleted"
              .formatted(
                  deletions,
                  deletions == 1 ? "copy was" : "copies were",
                  deletions == 1 ? "is" : "are"));
    }
    if (remains.uploads() > 0) {
      text.add(
          remains.uploads()
              + (remains.uploads() == 1 ? " upload" : " uploads")
              + " that may end here: an hour at most");
    }
    return text.toString();
  }
}
