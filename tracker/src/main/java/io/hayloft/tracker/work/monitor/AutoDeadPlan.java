package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.DeviceRecordStore.DeviceRecord;
import io.hayloft.tracker.store.DeviceRecordStore.Records;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of devices out of reach. Pure: the same situation gives the same answer.
 *
 * <h2>Agreement</h2>
 *
 * <p>That a device is out of reach is noted by one tracker and taken back by any that reaches it;
 * then the time begins anew when nobody does. A tracker decides only about what it has itself seen
 * to be out for a while without a break, so one that has just started decides nothing; and while so
 * much is out that {@link SafeMode} holds, for any of the trackers, no time is counted at all.
 *
 * <p>A device that shows another disk is in reach: somebody must look, and nothing is given up.
 */
final class AutoDeadPlan {

  /** Shorter absences are not worth a row. */
  static final Duration NOTED = Duration.ofSeconds(5);

  /** What a tracker must have seen itself, where the time until a device is dead is longer. */
  static final Duration SEEN = Duration.ofMinutes(1);

  /** Where trackers do not agree about a device, how often that is written down. */
  static final Duration DISAGREEMENT = Duration.ofMinutes(1);

  /**
   * What is known.
   *
   * @param ownSight for how long this tracker has seen devices to be out, without a break
   * @param after how long it takes until a device is taken for dead; empty where none is
   */
  record Situation(
      ClusterView view,
      SafeMode safeMode,
      Records records,
      Map<DeviceId, Duration> ownSight,
      Optional<Duration> after) {

    Situation {
      ownSight = Map.copyOf(ownSight);
    }
  }

  /**
   * What is to be done.
   *
   * @param back to be forgotten, by whoever sees it
   * @param stop no time is counted for these, if any tracker says so
   * @param out to be noted, by the one tracker that judges
   * @param count their time begins, for the same tracker
   * @param dead to be marked so, by the same tracker
   */
  record Steps(
      Set<DeviceId> back,
      Set<DeviceId> stop,
      Set<DeviceId> out,
      Set<DeviceId> count,
      Set<DeviceId> dead) {

    Steps {
      back = Set.copyOf(back);
      stop = Set.copyOf(stop);
      out = Set.copyOf(out);
      count = Set.copyOf(count);
      dead = Set.copyOf(dead);
    }

    boolean needJudge() {
      return !out.isEmpty() || !count.isEmpty() || !dead.isEmpty();
    }
  }

  private AutoDeadPlan() {}

  static Steps decide(Situation situation) {
    var back = new TreeSet<DeviceId>();
    var stop = new TreeSet<DeviceId>();
    var out = new TreeSet<DeviceId>();
    var count = new TreeSet<DeviceId>();
    var dead = new TreeSet<DeviceId>();
    var records = situation.records();
    for (var record : records.devices().values()) {
      if (record.unreachableSince().isPresent() && !matters(situation.view(), record.device())) {
        back.add(record.device());
      }
    }
    for (var device : situation.view().devices()) {
      var id = device.id();
      var record = records.of(id);
      boolean noted = record.unreachableSince().isPresent();
      if (!isOut(situation.view(), device)) {
        continue;
      }
      if (!noted) {
        if (mayNote(situation, record)) {
          out.add(id);
        }
      } else if (situation.safeMode().holds()) {
        if (record.countedFrom().isPresent()) {
          stop.add(id);
        }
      } else if (record.countedFrom().isEmpty()) {
        count.add(id);
      } else if (isOver(situation, record)) {
        dead.add(id);
      }
    }
    return new Steps(back, stop, out, count, dead);
  }

  /** Whether it is to be remembered of a device that it is out of reach. */
  private static boolean matters(ClusterView view, DeviceId id) {
    return view.device(id).filter(device -> isOut(view, device)).isPresent()
        || view.device(id).filter(device -> isUnknown(view, device)).isPresent();
  }

  /** Of a device that was not looked at yet nothing is said. */
  private static boolean isUnknown(ClusterView view, Device device) {
    return view.mayRead(device)
        && view.isReachable(device.host())
        && view.observation(device.id()).reach() == Reach.UNKNOWN;
  }

  static boolean isOut(ClusterView view, Device device) {
    return view.mayRead(device)
        && SafeMode.isOut(view, device)
        && view.observation(device.id()).refused().isEmpty();
  }

  private static boolean mayNote(Situation situation, DeviceRecord record) {
    long now = situation.records().now();
    boolean isAgreed =
        record.reachedAgain().isEmpty()
            || now - record.reachedAgain().getAsLong() >= DISAGREEMENT.toSeconds();
    return isAgreed && sight(situation, record.device()).compareTo(NOTED) >= 0;
  }

  private static boolean isOver(Situation situation, DeviceRecord record) {
    if (situation.after().isEmpty()) {
      return false;
    }
    var after = situation.after().get();
    long counted = situation.records().now() - record.countedFrom().orElseThrow();
    var needed = after.compareTo(SEEN) < 0 ? after : SEEN;
    return counted >= after.toSeconds() && sight(situation, record.device()).compareTo(needed) >= 0;
  }

  private static Duration sight(Situation situation, DeviceId device) {
    return situation.ownSight().getOrDefault(device, Duration.ZERO);
  }
}
