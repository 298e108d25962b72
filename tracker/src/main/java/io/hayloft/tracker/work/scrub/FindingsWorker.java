package io.hayloft.tracker.work.scrub;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.Finding;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.scrub.FindingPlan.Copy;
import io.hayloft.tracker.work.scrub.FindingPlan.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all nodes now and then which damaged copies they have found, and has each made anew from a
 * good one. One tracker does this at a time. What it could not deal with stays with the node, and
 * comes again.
 *
 * <p>A location is forgotten only while the file's lease is held and another copy was seen to be
 * there, see {@link FindingPlan}.
 */
public final class FindingsWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(FindingsWorker.class);

  private static final String LEASE = "findings";
  private static final Duration LEASE_LENGTH = Duration.ofMinutes(2);
  private static final Duration EVERY = Duration.ofSeconds(30);

  /** Dealt with in one round, so that a round ends within the lease. */
  private static final int ROUND = 200;

  private static final int HOSTS_AT_ONCE = 16;

  /** What it works with. */
  public record Ports(
      Stores stores, UpkeepStores upkeep, StorageNodes nodes, NativeNodes nativeNodes) {}

  /** Threads, time and chance, and what this tracker is called. */
  public record Ambience(Tasks tasks, Time time, RandomGenerator random, String owner) {}

  private final Cluster cluster;
  private final Ports ports;
  private final Ambience ambience;
  private final FidLeases leases;
  private final RepeatedCauses causes;

  public FindingsWorker(Cluster cluster, Ports ports, Ambience ambience) {
    this.cluster = cluster;
    this.ports = ports;
    this.ambience = ambience;
    this.leases =
        new FidLeases(
            ports.stores().leases(), ambience.owner(), ambience.time(), ambience.random());
    this.causes = new RepeatedCauses(log, ambience.time());
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    if (!ports.stores().leases().acquire(LEASE, ambience.owner(), LEASE_LENGTH)) {
      return Pace.rest(EVERY);
    }
    var view = cluster.view();
    var hosts =
        view.registry().hosts().values().stream()
            .filter(host -> view.isReachable(host.id()) && ports.nativeNodes().isNative(host))
            .toList();
    var left = ambience.tasks().forEach(hosts, HOSTS_AT_ONCE, this::deal);
    return left.contains(true) ? Pace.again() : Pace.rest(EVERY);
  }

  /** Whether there is more to deal with at once. */
  private boolean deal(Host host) {
    List<Finding> findings;
    try {
      findings = ports.nativeNodes().findings(host);
      if (findings.isEmpty()) {
        return false;
      }
      var round = findings.subList(0, Math.min(ROUND, findings.size()));
      var dealtWith = new ArrayList<Finding>();
      for (var finding : round) {
        if (deal(host, finding)) {
          dealtWith.add(finding);
        }
      }
      if (!dealtWith.isEmpty()) {
        ports.nativeNodes().acknowledge(host, dealtWith);
      }
      return dealtWith.size() == round.size() && findings.size() > round.size();
    } catch (IOException e) {
      causes.warn("a node does not tell what it has found: " + e.getMessage(), host.name());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean deal(Host host, Finding finding) throws InterruptedException {
    var fid = finding.place().path().fid();
    var bad = finding.place().path().device();
    var view = cluster.view();
    boolean itsOwn = view.device(bad).filter(device -> device.host().equals(host.id())).isPresent();
    if (!itsOwn) {
      causes.warn("a node tells of a device that is not its own", host.name() + ": dev" + bad);
      return false;
    }
    var held = leases.take(fid, 0);
    if (held.isEmpty()) {
      return false;
    }
    try (var lease = held.get()) {
      var located = ports.stores().files().locate(List.of(fid)).get(fid);
      if (located == null) {
        return true;
      }
      return switch (decide(located, bad, view)) {
        case Step.Drop() -> true;
        case Step.Wait() -> false;
        case Step.Conclude(var conclusion, var isLost) -> {
          if (!lease.isStillMine()) {
            yield false;
          }
          ports.upkeep().fsck().conclude(conclusion);
          tell(finding, isLost);
          yield true;
        }
      };
    } catch (StoreException e) {
      causes.warn("a finding is put off: " + e.getMessage(), "fid " + fid);
      return false;
    }
  }

  private void tell(Finding finding, boolean isLost) {
    var sample = finding.place() + ": " + finding.reason();
    if (isLost) {
      causes.warn("a damaged copy was the last (GONE); a person must look", sample);
    } else {
      causes.warn("a damaged copy is made anew", sample);
    }
  }

  private Step decide(Located located, DeviceId bad, ClusterView view) throws InterruptedException {
    var on = Set.copyOf(located.devices());
    var others = on.stream().filter(id -> !id.equals(bad)).toList();
    Map<DeviceId, Copy> seen = new TreeMap<>();
    for (var id : others) {
      seen.put(id, look(located.file(), id, view));
    }
    return FindingPlan.of(located.file().fid(), bad, on, seen);
  }

  private Copy look(StoredFile file, DeviceId id, ClusterView view) {
    var device = view.device(id);
    if (device.isPresent() && device.get().status() == DeviceStatus.DEAD) {
      return Copy.NONE;
    }
    var host = device.filter(view::shouldRead).flatMap(each -> view.host(each.host()));
    if (host.isEmpty()) {
      return Copy.CANNOT_TELL;
    }
    return switch (ports.nodes().look(Place.of(host.get(), id, file.fid()))) {
      case Presence.Present(var length) -> length == file.length() ? Copy.GOOD : Copy.NONE;
      case Presence.Missing() -> Copy.NONE;
      case Presence.CannotTell _ -> Copy.CANNOT_TELL;
    };
  }
}
