package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Then;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Carries {@link OrphanPlan} out for files that a device lists and the tables do not have there.
 * Acts on what the tables say at that moment, for a file that is alive while its lease is held.
 */
final class OrphanCare {

  static final String WHY = "orphan";

  /** What it works with. */
  record Ports(
      FileStore files,
      FsckStore fsck,
      FsckRunStore runs,
      NativeNodes nodes,
      ReplicationPolicies policies) {}

  private final Ports ports;
  private final FidLeases leases;
  private final RandomGenerator random;
  private final RepeatedCauses causes;
  private final OrphanPlan plan;
  private final FsckPlan checks;
  private final SingleLook look;

  OrphanCare(Ports ports, FidLeases leases, RandomGenerator random, RepeatedCauses causes) {
    this.ports = ports;
    this.leases = leases;
    this.random = random;
    this.causes = causes;
    this.plan = new OrphanPlan(ports.policies());
    this.checks = new FsckPlan(ports.policies());
    this.look = new SingleLook(ports.nodes());
  }

  /** A device with what it is asked through. */
  record Spot(Host host, Device device) {

    DeviceId id() {
      return device.id();
    }

    Place place(Fid fid) {
      return Place.of(host, device.id(), fid);
    }
  }

  /** Takes away what is nobody's; what cannot be done now is found again by the next run. */
  Orphans takeAway(Spot spot, List<Entry> strays, ClusterView view) {
    var claims = ports.runs().claims(strays.stream().map(Entry::fid).toList());
    var nobodys =
        strays.stream()
            .map(Entry::fid)
            .filter(
                fid -> {
                  var claim = claims.get(fid);
                  return claim != null
                      && OrphanPlan.fate(spot.id(), claim) == OrphanPlan.Fate.QUARANTINE;
                })
            .toList();
    return view.mayDelete(spot.device())
        ? new Orphans(nobodys.size(), 0, quarantine(spot, nobodys))
        : new Orphans(nobodys.size(), 0, 0);
  }

  private long quarantine(Spot spot, List<Fid> fids) {
    if (fids.isEmpty()) {
      return 0;
    }
    try {
      var places = fids.stream().map(spot::place).toList();
      return ports.nodes().quarantine(spot.host(), places, WHY).size();
    } catch (IOException e) {
      causes.warn("orphans stay where they are: " + e.getMessage(), "device " + spot.id());
      return 0;
    }
  }

  /**
   * Sees to what may be a copy of a file that is alive.
   *
   * @param seenGood where all its recorded copies were seen to be good
   */
  Orphans weigh(Spot spot, Entry stray, Set<DeviceId> seenGood, ClusterView view) {
    var fid = stray.fid();
    if (!view.mayDelete(spot.device())) {
      return new Orphans(1, 0, 0);
    }
    var held = leases.take(fid, 2 * stray.length());
    if (held.isEmpty()) {
      return Orphans.NONE;
    }
    try (var lease = held.get()) {
      var claims = ports.runs().claims(List.of(fid)).get(fid);
      if (claims == null || !OrphanPlan.isAsSeen(spot.id(), claims, seenGood)) {
        return Orphans.NONE;
      }
      var kept = Optional.ofNullable(ports.files().checksums(List.of(fid)).get(fid));
      var entry = look.at(spot.host(), spot.id(), fid, kept);
      if (entry.isEmpty() || !lease.isStillMine()) {
        return Orphans.NONE;
      }
      if (plan.isWanted(entry.get(), claims, kept, view, random)) {
        return new Orphans(1, adopt(spot, claims, view) ? 1 : 0, 0);
      }
      return new Orphans(1, 0, quarantine(spot, List.of(fid)));
    } catch (IOException e) {
      causes.warn("an orphan cannot be looked at: " + e.getMessage(), "fid " + fid);
      return new Orphans(1, 0, 0);
    }
  }

  private boolean adopt(Spot spot, FsckRunStore.Claims claims, ClusterView view) {
    var file = claims.file().orElseThrow();
    var on = new HashSet<>(claims.on());
    on.add(spot.id());
    var events = new ArrayList<>(List.of(Event.of(FsckEvent.FOND, spot.id())));
    var then = new HashSet<>(Set.of(Then.RECOUNT));
    var terms = ReplicatePlan.terms(file, view);
    if (!checks.isWellPlaced(terms, on, view, random)) {
      events.add(Event.of(FsckEvent.REPL));
      then.add(Then.REPLICATE);
    }
    return ports
        .fsck()
        .conclude(
            new Conclusion(
                file.fid(), events, Set.of(), Set.of(spot.id()), Optional.empty(), then));
  }
}
