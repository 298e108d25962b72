package io.hayloft.tracker.node;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What native nodes can do with the replicas of {@link MemoryNodes}. All files were written a day
 * ago, and are what was stored, unless a test says otherwise.
 */
public final class MemoryNativeNodes implements NativeNodes {

  private final MemoryNodes nodes;
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();
  private final Map<DeviceId, Integer> breaking = new ConcurrentHashMap<>();
  private final Map<ReplicaPath, Long> changed = new ConcurrentHashMap<>();
  private final Map<ReplicaPath, Integer> stored = new ConcurrentHashMap<>();
  private final Map<ReplicaPath, String> quarantined = new ConcurrentHashMap<>();
  private final Queue<String> calls = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Runnable duringListing;

  public MemoryNativeNodes(MemoryNodes nodes) {
    this.nodes = nodes;
  }

  /** That host runs some other server. */
  public void foreign(String host) {
    foreign.add(host);
  }

  /** Listings of that device break off after so many files. */
  public void breakOff(int device, int after) {
    breaking.put(new DeviceId(device), after);
  }

  public void allIsWell() {
    breaking.clear();
  }

  /** A replica was written at that time. */
  public void changed(int device, long fid, long when) {
    changed.put(path(device, fid), when);
  }

  /** A bit of a replica turns. */
  public void rot(int device, long fid) {
    var path = path(device, fid);
    var bytes = nodes.bytes(path).orElseThrow();
    stored.put(path, crc(bytes));
    bytes[0] ^= 1;
    nodes.store(device, fid, bytes);
  }

  /** Something that happens while a device lists its files. */
  public void duringListing(Runnable happening) {
    duringListing = happening;
  }

  public Map<ReplicaPath, String> quarantined() {
    return Map.copyOf(quarantined);
  }

  /** What was asked for, in its order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private static ReplicaPath path(int device, long fid) {
    return new ReplicaPath(new DeviceId(device), new Fid(fid));
  }

  @Override
  public boolean isNative(Host host) {
    return !foreign.contains(host.name());
  }

  @Override
  public Map<DeviceId, DeviceAnswer> devices(Host host) {
    return Map.of();
  }

  @Override
  public Manifest manifest(Host host, DeviceId device, Extent extent) {
    calls.add("manifest " + device + (extent.crc() || !extent.digests().isEmpty() ? " read" : ""));
    var entries =
        nodes.replicas().stream()
            .filter(path -> path.device().equals(device))
            .filter(path -> path.fid().value() > extent.after())
            .filter(path -> path.fid().value() <= extent.until())
            .sorted(Comparator.comparing(ReplicaPath::fid))
            .flatMap(path -> nodes.bytes(path).map(bytes -> entry(path, bytes, extent)).stream())
            .iterator();
    var happening = duringListing;
    if (happening != null) {
      happening.run();
    }
    return new Listing(entries, breaking.getOrDefault(device, Integer.MAX_VALUE));
  }

  private Entry entry(ReplicaPath path, byte[] bytes, Extent extent) {
    List<Checksum> digests =
        extent.digests().stream().map(each -> MemoryNodes.digest(each, bytes)).toList();
    int now = crc(bytes);
    return new Entry(
        path.fid(),
        bytes.length,
        changed.getOrDefault(path, System.currentTimeMillis() / 1000 - 86_400),
        OptionalInt.of(stored.getOrDefault(path, now)),
        new Content(extent.crc() ? OptionalInt.of(now) : OptionalInt.empty(), digests, true));
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static final class Listing implements Manifest {

    private final Iterator<Entry> entries;
    private int left;

    Listing(Iterator<Entry> entries, int left) {
      this.entries = entries;
      this.left = left;
    }

    @Override
    public Optional<Entry> next() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the listing broke off");
      }
      return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
    }

    @Override
    public void close() {}
  }

  @Override
  public Set<Place> quarantine(Host host, List<Place> places, String why) {
    var done = new HashSet<Place>();
    for (var place : places) {
      nodes.lose(place.path().device().value(), place.path().fid().value());
      quarantined.put(place.path(), why);
      done.add(place);
    }
    return done;
  }

  @Override
  public List<Finding> findings(Host host) {
    return List.of();
  }

  @Override
  public void acknowledge(Host host, List<Finding> findings) {}
}
