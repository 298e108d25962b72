package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckRunStore.Passed;
import io.hayloft.tracker.store.FsckRunStore.Portion;
import io.hayloft.tracker.store.FsckRunStore.Stand;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.RunHost;
import io.hayloft.tracker.work.fsck.ManifestScan.Scanned;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the check of all files on, a slice of the fids in each step: reads what the tables say, has
 * the devices list what they have, and compares the two as they come. What is as it should be is
 * counted; the rest is queued for {@link FsckWorker}, on whichever tracker.
 *
 * <p>One tracker does this, see {@link RunHost}. Where it stands is kept with each slice, so
 * another goes on from there. Two who for a moment both believe to be the one do the same work, and
 * only one of them is taken at his word.
 */
public final class FsckRunner implements Worker {

  private static final Logger log = LoggerFactory.getLogger(FsckRunner.class);

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration RENEWAL = Duration.ofSeconds(5);
  private static final int FILES = 20_000;
  private static final int FILES_READ = 5000;
  private static final int MOST = 50_000;
  private static final long LONGEST = 20_000;

  /** What is read of each device within a slice, about. */
  private static final long BYTES = 512L << 20;

  private static final long SECONDS_OF_READING = 60;

  /** What a run works with. */
  public record Ports(
      Stores stores, UpkeepStores upkeep, NativeNodes nodes, ReplicationPolicies policies) {}

  /** Threads, time and chance, and what this tracker and its machine are called. */
  public record Ambience(
      Tasks tasks, Time time, RandomGenerator random, String owner, String hostname) {}

  private final Cluster cluster;
  private final Ports ports;
  private final Ambience ambience;
  private final RunHost host;
  private final FsckModes modes;
  private final FsckPlan plan;
  private final OrphanCare care;
  private final ManifestScan scan;
  private final RepeatedCauses causes;
  private final Speedometer speed;

  public FsckRunner(Cluster cluster, Ports ports, Ambience ambience) {
    this.cluster = cluster;
    this.ports = ports;
    this.ambience = ambience;
    var time = ambience.time();
    this.host =
        new RunHost(
            "fsck",
            new RunHost.Identity(ambience.owner(), ambience.hostname()),
            ports.stores().leases(),
            time);
    this.modes = new FsckModes(cluster, ports.stores().registry());
    this.plan = new FsckPlan(ports.policies());
    this.causes = new RepeatedCauses(log, time);
    this.speed = new Speedometer(time);
    var upkeep = ports.upkeep();
    this.care =
        new OrphanCare(
            new OrphanCare.Ports(
                ports.stores().files(),
                upkeep.fsck(),
                upkeep.fsckRuns(),
                ports.nodes(),
                ports.policies()),
            new FidLeases(ports.stores().leases(), ambience.owner(), time, ambience.random()),
            ambience.random(),
            causes);
    this.scan = new ManifestScan(ports.nodes(), care, ambience.tasks(), time, causes);
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var fsck = ports.upkeep().fsck();
    if (!host.isThis(fsck.host(), fsck::takeOver)) {
      speed.pause();
      return Pace.rest(ROUND);
    }
    var stand = runs().stand(ambience.hostname());
    if (stand.isEmpty()) {
      return Pace.rest(ROUND);
    }
    var range = stand.get().range();
    if (range.position() >= range.end()) {
      if (runs().finish(ambience.hostname())) {
        log.info("fsck: all files up to fid {} were looked at or are queued", range.end());
        // Where nothing was queued the run is over, and whoever waits for its report gets it.
        runs().settle();
      }
      return Pace.again();
    }
    var settings = cluster.view().settings();
    if (stand.get().queued() >= longest(settings)) {
      speed.pause();
      return Pace.rest(ROUND);
    }
    long started = ambience.time().nanoTime();
    moveOn(stand.get(), settings);
    // Who has set a rate wants it kept to; without one it goes as fast as it can.
    var spent = ambience.time().since(started);
    return rate(settings) > 0 && spent.compareTo(ROUND) < 0
        ? Pace.rest(ROUND.minus(spent))
        : Pace.again();
  }

  private FsckRunStore runs() {
    return ports.upkeep().fsckRuns();
  }

  private static long longest(ServerSettings settings) {
    return settings.number("queue_size_for_fsck", LONGEST);
  }

  private static int rate(ServerSettings settings) {
    return Math.clamp(settings.number("queue_rate_for_fsck", 0), 0, MOST);
  }

  private void moveOn(Stand stand, ServerSettings settings) throws InterruptedException {
    var renewing = ambience.tasks().start("fsck lease", this::renew);
    try {
      var terms = stand.terms();
      var mode = modes.of(terms);
      var bytesPerSecond = modes.bytesPerSecond(terms);
      var slice =
          runs().read(stand.range(), terms.scope(), portion(mode, bytesPerSecond, settings));
      var placements = new Placements(plan, viewKnowing(slice), ambience.random());
      var contents = Contents.of(slice, mode, placements, bytesPerSecond);
      var sightings = new Sightings(slice.slots());
      var scanned =
          mode.policyOnly()
              ? Scanned.NOTHING
              : scan.scan(
                  new ManifestScan.Look(slice, terms.scope(), contents, bytesPerSecond),
                  placements.view(),
                  sightings);
      var outcome =
          new FsckMerge(slice, mode, contents, sightings, placements).judge(terms.scope().device());
      var orphans = scanned.orphans().plus(weigh(scanned, slice, sightings, placements.view()));
      speed.passed(slice.read(), slice.upTo() - slice.after());
      boolean taken =
          runs()
              .pass(
                  ambience.hostname(),
                  new Passed(
                      new FsckStore.Range(slice.after(), slice.upTo()),
                      outcome.good(),
                      outcome.doubts(),
                      outcome.stalled(),
                      orphans,
                      speed.now()),
                  longest(settings));
      if (!taken) {
        log.info("fsck: the slice behind fid {} was somebody else's by now", slice.after());
      }
    } finally {
      renewing.cancel();
    }
  }

  /** Only where all the recorded copies were seen to be good; other files get a closer look. */
  private Orphans weigh(Scanned scanned, FsckSlice slice, Sightings sightings, ClusterView view) {
    var orphans = Orphans.NONE;
    for (var stray : scanned.alive()) {
      if (sightings.areGood(slice.firstSlot(stray.file()), slice.firstSlot(stray.file() + 1))) {
        var seen =
            IntStream.of(slice.devices(stray.file()))
                .mapToObj(DeviceId::new)
                .collect(Collectors.toUnmodifiableSet());
        orphans = orphans.plus(care.weigh(stray.spot(), stray.entry(), seen, view));
      }
    }
    return orphans;
  }

  /** A slice may take longer than a lease; nobody shall take the run over meanwhile. */
  private void renew() throws InterruptedException {
    while (true) {
      ambience.time().sleep(RENEWAL);
      host.renew();
    }
  }

  private static Portion portion(
      FsckPlan.Mode mode, OptionalLong bytesPerSecond, ServerSettings settings) {
    boolean reads = !mode.policyOnly() && (mode.crc() || mode.digests() != FsckPlan.Digests.OFF);
    int files = reads ? FILES_READ : FILES;
    int rate = rate(settings);
    long bytes =
        bytesPerSecond.isPresent()
            ? Math.min(BYTES, bytesPerSecond.getAsLong() * SECONDS_OF_READING)
            : BYTES;
    return new Portion(
        rate > 0 ? Math.min(rate, files) : files,
        reads ? bytes : Long.MAX_VALUE,
        mode.digests() != FsckPlan.Digests.OFF);
  }

  /** A device that is not in the view may be new, and must not be taken for a lost one. */
  private ClusterView viewKnowing(FsckSlice slice) {
    var view = cluster.view();
    for (int slot = 0; slot < slice.slots(); slot++) {
      if (view.device(new DeviceId(slice.device(slot))).isEmpty()) {
        return cluster.reread();
      }
    }
    return view;
  }
}
