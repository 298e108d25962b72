package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.MemoryNativeNodes;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.UnrulyNodes.Fate;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The same disks as Hayloft's own nodes show them: they list their files, take orphans out of the
 * way and tell what they have found. Some hosts run another server and do none of this.
 *
 * <p>Files that were there before the round began are old, all others are new.
 */
final class NativeDisks {

  private static final Set<String> FOREIGN = Set.of("c", "d");
  private static final Set<Fate> ASKING = EnumSet.of(Fate.WELL, Fate.FAILS);
  private static final Set<Fate> TELLING = EnumSet.of(Fate.WELL, Fate.FAILS, Fate.UNHEARD);

  private final MemoryNodes disks;
  private final MemoryNativeNodes nodes;
  private final Mischief mischief;
  private final Ledger ledger;
  private final Queue<ReplicaPath> found = new ConcurrentLinkedQueue<>();
  private final Set<ReplicaPath> old = ConcurrentHashMap.newKeySet();
  private final AtomicInteger listings = new AtomicInteger();
  private final AtomicInteger quarantined = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();

  NativeDisks(MemoryNodes disks, Mischief mischief, Ledger ledger) {
    this.disks = disks;
    this.nodes = new MemoryNativeNodes(disks);
    this.mischief = mischief;
    this.ledger = ledger;
    FOREIGN.forEach(nodes::foreign);
  }

  boolean isNative(Host host) {
    return nodes.isNative(host);
  }

  /** To be called while nothing is under way. */
  void roundBegins() {
    ledger.roundBegins();
    old.clear();
    old.addAll(disks.replicas());
  }

  /** A node has found a copy to be bad, and has taken it out of the way. */
  void find(ReplicaPath path) {
    disks.lose(path.device().value(), path.fid().value());
    found.add(path);
  }

  private boolean isOld(ReplicaPath path) {
    return old.contains(path) && !ledger.isChanged(path);
  }

  /** What nobody has dealt with yet. */
  List<ReplicaPath> found() {
    return List.copyOf(found);
  }

  /** How often each of the things was done that only these nodes do. */
  Map<String, Integer> done() {
    return Map.of(
        "listings", listings.get(),
        "quarantined", quarantined.get(),
        "findings", acknowledged.get());
  }

  /** As one tracker meets them, as long as it lives. */
  NativeNodes seenBy(Mortal.Life life) {
    return new Seen(life);
  }

  private final class Seen implements NativeNodes {

    private final Mortal.Life life;

    Seen(Mortal.Life life) {
      this.life = life;
    }

    private Fate fate(String call, ReplicaPath path, Set<Fate> possible) throws IOException {
      life.require();
      var fate = mischief.of(call, path, possible);
      life.require();
      if (fate == Fate.FAILS) {
        throw new IOException("mischief");
      }
      return fate;
    }

    private static ReplicaPath first(DeviceId device) {
      return new ReplicaPath(device, new Fid(1));
    }

    @Override
    public boolean isNative(Host host) {
      return nodes.isNative(host);
    }

    @Override
    public Map<DeviceId, DeviceAnswer> devices(Host host) {
      return nodes.devices(host);
    }

    @Override
    public Manifest manifest(Host host, DeviceId device, Extent extent) throws IOException {
      var _ = fate("manifest", first(device), ASKING);
      listings.incrementAndGet();
      long now = System.currentTimeMillis() / 1000;
      disks.replicas().stream()
          .filter(path -> path.device().equals(device))
          .forEach(
              path ->
                  nodes.changed(
                      device.value(), path.fid().value(), isOld(path) ? now - 86_400 : now));
      return nodes.manifest(host, device, extent);
    }

    @Override
    public Set<Place> quarantine(Host host, List<Place> places, String why) throws IOException {
      var done = new HashSet<Place>();
      for (var place : places) {
        var fate = fate("quarantine", place.path(), TELLING);
        var gone = ledger.make(place.path(), () -> nodes.quarantine(host, List.of(place), why));
        quarantined.addAndGet(gone.size());
        if (fate == Fate.UNHEARD) {
          throw new IOException("the answer was lost");
        }
        done.addAll(gone);
      }
      return done;
    }

    @Override
    public List<Finding> findings(Host host) throws IOException {
      life.require();
      return found.stream()
          .filter(path -> life.isOn(host, path.device()))
          .map(path -> new Finding(Place.of(host, path.device(), path.fid()), 1, "rotten"))
          .toList();
    }

    @Override
    public void acknowledge(Host host, List<Finding> findings) throws IOException {
      for (var finding : findings) {
        var fate = fate("acknowledge", finding.place().path(), TELLING);
        if (found.remove(finding.place().path())) {
          acknowledged.incrementAndGet();
        }
        if (fate == Fate.UNHEARD) {
          throw new IOException("the answer was lost");
        }
      }
    }
  }
}
