package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.UnrulyNodes;
import io.hayloft.tracker.work.WorkFixture;
import io.hayloft.tracker.work.delete.ExpiredUploadsWorker;
import io.hayloft.tracker.work.reap.ReaperWorker;
import io.hayloft.tracker.work.rebalance.MoveJobWorker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A tracker with connections, threads and clock of its own, that can be killed at any moment: then
 * it neither writes to the database nor hears of what the nodes do.
 */
final class Mortal implements AutoCloseable {

  /**
   * A dead device is believed to be dead after 10 s, and looked at again after two hours at most.
   */
  private static final Duration BETWEEN_REAPINGS = Duration.ofMinutes(121);

  private static final int MOST_DEVICES = 500;

  /** A device that could not be written is tried again after 15 s. */
  private static final Duration BETWEEN_PROBES = Duration.ofSeconds(16);

  /** A job is carried on again after some seconds. */
  private static final Duration BETWEEN_PORTIONS = Duration.ofSeconds(30);

  /** Something that a tracker does. */
  record Step(String name, Mortal tracker, Body body) {}

  /** A tracker as the nodes know it that it asks. */
  interface Life {

    /** Whoever is dead asks for nothing, and hears nothing. */
    void require();

    boolean isOn(Host host, DeviceId device);
  }

  /** What a step does. */
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  private final String name;
  private final UnrulyNodes nodes;
  private final WorkFixture fixture;
  private final WorkFixture.Tracker tracker;
  private final WorkFixture.Upkeep upkeep;
  private final ReaperWorker reaper;
  private final ExpiredUploadsWorker expired;
  private final ManualTime reaperTime = ManualTime.start();
  private final ManualTime probeTime = ManualTime.start();
  private final MoveJobWorker moves;
  private final ManualTime moveTime = ManualTime.start();
  private volatile boolean dead;

  /**
   * @param hostname the machine: fsck and rebalance name it as theirs
   */
  Mortal(
      String name, String hostname, TestDatabase database, UnrulyNodes nodes, NativeDisks natives)
      throws SQLException, InterruptedException {
    this.name = name;
    this.nodes = nodes;
    this.fixture = WorkFixture.beside(database, nodes);
    fixture.natives(natives.seenBy(new Living()));
    this.tracker = fixture.tracker(name, probeTime);
    this.upkeep = fixture.upkeep(tracker, hostname);
    this.moves = fixture.moveJobs(tracker, hostname, moveTime);
    var stores = fixture.stores();
    this.reaper =
        new ReaperWorker(
            tracker.monitor(), stores.replication(), stores.leases(), name, reaperTime, () -> {});
    this.expired = new ExpiredUploadsWorker(stores.uploads(), stores.leases(), name);
  }

  private final class Living implements Life {

    @Override
    public void require() {
      if (dead) {
        throw new IllegalStateException("this tracker was killed");
      }
    }

    @Override
    public boolean isOn(Host host, DeviceId device) {
      var known = tracker.monitor().view().hostOf(device);
      return known.isPresent() && known.get().id().equals(host.id());
    }
  }

  static Mortal start(
      String name,
      String hostname,
      TestDatabase database,
      MemoryNodes disks,
      Mischief mischief,
      Ledger ledger,
      NativeDisks natives)
      throws SQLException, InterruptedException {
    return new Mortal(name, hostname, database, new UnrulyNodes(disks, mischief, ledger), natives);
  }

  /** One of each kind. */
  List<Step> steps() {
    var steps = new ArrayList<Step>();
    steps.add(step("replicate", () -> tracker.replicate().step()));
    steps.add(step("delete", () -> tracker.delete().step()));
    steps.add(step("fsck injection", () -> upkeep.fsckRunner().step()));
    steps.add(step("fsck", () -> upkeep.fsck().step()));
    steps.add(step("rebalance injection", () -> upkeep.rebalanceInjector().step()));
    steps.add(step("rebalance", () -> upkeep.rebalance().step()));
    steps.add(step("move jobs", this::moveJobs));
    steps.add(step("findings", () -> fixture.findings(tracker, name).step()));
    steps.add(step("reap", this::reap));
    steps.add(step("expire", expired::step));
    steps.add(step("monitor", this::refresh));
    return steps;
  }

  private Step step(String what, Body body) {
    return new Step(name + " " + what, this, body);
  }

  /** All jobs are due again. */
  private void moveJobs() throws InterruptedException {
    moveTime.advance(BETWEEN_PORTIONS);
    var _ = moves.step();
  }

  /** Each dead device once: all are due again. */
  private void reap() {
    reaperTime.advance(BETWEEN_REAPINGS);
    for (int step = 0; step < MOST_DEVICES && reaper.step().pause().isZero(); step++) {
      // It goes on at once as long as there is a device to be looked at.
    }
  }

  void refresh() throws InterruptedException {
    probeTime.advance(BETWEEN_PROBES);
    tracker.monitor().refresh();
  }

  boolean isIdle() {
    return dead || tracker.replication().underWay() == 0;
  }

  boolean isDead() {
    return dead;
  }

  /** To be called when nothing is under way. */
  void roundIsOver() {
    nodes.forgetMade();
  }

  void kill() {
    dead = true;
    nodes.die();
    fixture.close();
  }

  @Override
  public void close() {
    if (!dead) {
      fixture.close();
    }
  }
}
