package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.work.monitor.AutoDeadPlan.Situation;
import io.hayloft.tracker.work.monitor.AutoDeadPlan.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What becomes of devices out of reach, with several trackers that see different things. */
class AutoDeadPlanTest {

  private static final Duration AFTER = Duration.ofMinutes(10);
  private static final int STEP = 20;

  private final MemoryRecords records = new MemoryRecords();

  /** A tracker: what it has seen to be out since when, and whom it cannot reach. */
  private final class Tracker {
    private final Map<DeviceId, Long> since = new HashMap<>();
    private final Set<Integer> cut = new HashSet<>();

    Steps step(ClusterView view, boolean isJudge) {
      var out =
          view.devices().stream()
              .filter(device -> AutoDeadPlan.isOut(view, device))
              .map(device -> device.id())
              .collect(Collectors.toSet());
      since.keySet().retainAll(out);
      out.forEach(id -> since.putIfAbsent(id, records.now));
      var sight = new HashMap<DeviceId, Duration>();
      since.forEach((id, began) -> sight.put(id, Duration.ofSeconds(records.now - began)));
      var safe = SafeMode.of(view, records.now);
      var steps =
          AutoDeadPlan.decide(new Situation(view, safe, records.load(), sight, Optional.of(AFTER)));
      records.reached(steps.back());
      records.stopCounting(steps.stop());
      if (isJudge) {
        records.unreachable(steps.out(), !safe.holds());
        records.count(steps.count());
        steps
            .dead()
            .forEach(id -> records.markDead(id, records.load().of(id).countedFrom().orElseThrow()));
      }
      return steps;
    }
  }

  @Example
  void aDeviceThatNobodyReachesLongEnoughDies() {
    var tracker = new Tracker();
    var view = new Sight(4, 2).without(3).view();
    for (int second = 0; second <= AFTER.toSeconds(); second += STEP) {
      tracker.step(view, true);
      assertThat(records.dead).isEmpty();
      records.now += STEP;
    }
    tracker.step(view, true);

    assertThat(records.dead).containsExactly(new DeviceId(3));
  }

  @Example
  void aTrackerThatHasJustStartedKillsNothing() {
    var view = new Sight(4, 2).without(3).view();
    records.unreachable(List.of(new DeviceId(3)), true);
    records.now += AFTER.toSeconds() * 2;
    var started = new Tracker();

    assertThat(started.step(view, true).dead()).isEmpty();
    records.now += AutoDeadPlan.SEEN.toSeconds();
    assertThat(started.step(view, true).dead()).containsExactly(new DeviceId(3));
  }

  @Example
  void afterSafeModeTheTimeBeginsAnew() {
    var tracker = new Tracker();
    var few = new Sight(4, 2).without(3).view();
    var many = new Sight(4, 2).without(1, 3, 5).view();
    tracker.step(few, true);
    records.now += STEP;
    tracker.step(few, true);
    records.now += AFTER.toSeconds() - STEP;
    tracker.step(many, true);
    assertThat(records.load().of(new DeviceId(3)).countedFrom()).isEmpty();
    records.now += AFTER.toSeconds();
    tracker.step(few, true);
    assertThat(records.dead).isEmpty();
    records.now += AFTER.toSeconds();
    tracker.step(few, true);

    assertThat(records.dead).containsExactly(new DeviceId(3));
  }

  @Example
  void whatOperatorsMarkIsForgottenAndAWrongDiskIsNoDeadOne() {
    var tracker = new Tracker();
    var three = List.of(new DeviceId(3), new DeviceId(4), new DeviceId(5));
    records.unreachable(three, true);
    var view =
        new Sight(4, 2)
            .without(3, 4, 5)
            .marked(3, DeviceStatus.DOWN)
            .marked(4, DeviceStatus.DEAD)
            .refusing(5, "another disk")
            .view();

    assertThat(tracker.step(view, true).back()).containsExactlyInAnyOrderElementsOf(three);
  }

  /** Devices die and come back, links are cut, trackers start anew, and any may be the judge. */
  @Property(tries = 100)
  void nothingDiesThatSomebodySawOrWhileMuchWasOut(@ForAll long seed) {
    var random = new Random(seed);
    int hosts = 3 + random.nextInt(3);
    int disks = 1 + random.nextInt(3);
    var trackers = new ArrayList<>(List.of(new Tracker(), new Tracker(), new Tracker()));
    var gone = new HashSet<Integer>();
    var lastSeen = new HashMap<DeviceId, Long>();
    long lastSafe = 0;
    for (int step = 0; step < 200; step++) {
      records.now += STEP;
      happen(random, hosts, disks, trackers, gone);
      int judge = random.nextInt(trackers.size());
      for (int t = 0; t < trackers.size(); t++) {
        var tracker = trackers.get(t);
        var view = view(hosts, disks, tracker, gone);
        var died = Set.copyOf(records.dead);
        for (var device : view.devices()) {
          if (!SafeMode.isOut(view, device)) {
            lastSeen.put(device.id(), records.now);
          }
        }
        if (SafeMode.of(view, records.now).holds()) {
          lastSafe = records.now;
        }
        var steps = tracker.step(view, t == judge);
        assertThat(Collections.disjoint(steps.dead(), steps.back())).isTrue();
        for (var id : records.dead) {
          if (!died.contains(id)) {
            assertThat(records.now - lastSeen.getOrDefault(id, 0L))
                .isGreaterThanOrEqualTo(AFTER.toSeconds());
            assertThat(records.now - lastSafe).isGreaterThanOrEqualTo(AFTER.toSeconds());
          }
        }
      }
    }
  }

  private void happen(
      Random random, int hosts, int disks, List<Tracker> trackers, Set<Integer> gone) {
    if (random.nextInt(40) == 0) {
      gone.add(1 + random.nextInt(hosts * disks));
    }
    if (random.nextInt(60) == 0) {
      gone.clear();
    }
    int t = random.nextInt(trackers.size());
    if (random.nextInt(40) == 0) {
      trackers.get(t).cut.add(1 + random.nextInt(hosts));
    }
    if (random.nextInt(30) == 0) {
      trackers.get(t).cut.clear();
    }
    if (random.nextInt(50) == 0) {
      trackers.set(t, new Tracker());
    }
  }

  private ClusterView view(int hosts, int disks, Tracker tracker, Set<Integer> gone) {
    var sight = new Sight(hosts, disks);
    for (int device = 1; device <= hosts * disks; device++) {
      if (gone.contains(device) || tracker.cut.contains((device - 1) / disks + 1)) {
        sight.without(device);
      }
      if (records.dead.contains(new DeviceId(device))) {
        sight.marked(device, DeviceStatus.DEAD);
      }
    }
    return sight.view();
  }
}
