package io.hayloft.tracker.node;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Space;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Storage nodes without nodes: replicas in a map, and faults by device or host. */
public final class MemoryNodes implements StorageNodes {

  /** How a device or host misbehaves. */
  public enum Trouble {
    /** Says no at once. */
    REFUSES,
    /** Says nothing. */
    SILENT,
    /** Its usage file cannot be read. */
    GARBLED,
    /** Can be read, not written. */
    READ_ONLY,
    /** Answers looks but breaks while it is read. */
    BAD_READS,
    /** Keeps other bytes than it was sent. */
    ROTTEN,
    /** Says that a copy is made, and keeps half of it. */
    KEEPS_HALF,
    /** Says that a copy is made, and keeps nothing. */
    KEEPS_NOTHING
  }

  private final Map<ReplicaPath, byte[]> replicas = new ConcurrentHashMap<>();
  private final Map<Object, Trouble> troubles = new ConcurrentHashMap<>();
  private final Map<Fid, AtomicInteger> copying = new ConcurrentHashMap<>();
  private final Set<Fid> copiedTwiceAtOnce = ConcurrentHashMap.newKeySet();
  private final Queue<String> calls = new ConcurrentLinkedQueue<>();
  private final Queue<String> sources = new ConcurrentLinkedQueue<>();
  private final Map<DeviceId, String> utilization = new ConcurrentHashMap<>();
  private final Map<DeviceId, CountDownLatch> held = new ConcurrentHashMap<>();
  private final Map<DeviceId, Space> spaces = new ConcurrentHashMap<>();
  private volatile boolean rejectsBadMd5;
  private volatile boolean verifiesCopies;
  private volatile @Nullable Runnable duringCopy;

  public void device(int device, Trouble trouble) {
    troubles.put(new DeviceId(device), trouble);
  }

  public void host(int host, Trouble trouble) {
    troubles.put(new HostId(host), trouble);
  }

  /** From now on a device tells how full it is only when the latch has been counted down. */
  public void hold(int device, CountDownLatch until) {
    held.put(new DeviceId(device), until);
  }

  public void allIsWell() {
    troubles.clear();
  }

  /** From now on a device is so busy, in the node's words. */
  public void busy(int device, String percent) {
    utilization.put(new DeviceId(device), percent);
  }

  /** From now on a device is as full as that, and by what is stored on it. */
  public void measure(int device, long totalMb, long otherMb) {
    spaces.put(new DeviceId(device), new Space(totalMb, otherMb, 1));
  }

  private Space space(DeviceId device) {
    var given = spaces.get(device);
    if (given == null) {
      return new Space(100_000, 40_000, 1);
    }
    long stored =
        replicas.entrySet().stream()
            .filter(each -> each.getKey().device().equals(device))
            .mapToLong(each -> each.getValue().length)
            .sum();
    return new Space(given.totalMb(), given.usedMb() + (stored >> 20), 1);
  }

  public void rejectBadMd5() {
    rejectsBadMd5 = true;
  }

  /** From now on all hosts claim to compare what they keep with what they were to keep. */
  public void claimToVerifyCopies() {
    verifiesCopies = true;
  }

  /** Something that happens while bytes are under way. */
  public void duringCopy(Runnable happening) {
    duringCopy = happening;
  }

  public void store(int device, long fid, byte[] bytes) {
    replicas.put(new ReplicaPath(new DeviceId(device), new Fid(fid)), bytes.clone());
  }

  /** Bytes go that nobody asked to remove. */
  public void lose(int device, long fid) {
    replicas.remove(new ReplicaPath(new DeviceId(device), new Fid(fid)));
  }

  public boolean has(int device, long fid) {
    return replicas.containsKey(new ReplicaPath(new DeviceId(device), new Fid(fid)));
  }

  public Set<ReplicaPath> replicas() {
    return Set.copyOf(replicas.keySet());
  }

  /** The addresses that copies were read from, in their order. */
  public List<String> sources() {
    return List.copyOf(sources);
  }

  /** A copy of what is kept there. */
  public Optional<byte[]> bytes(ReplicaPath replica) {
    return Optional.ofNullable(replicas.get(replica)).map(byte[]::clone);
  }

  public int length(ReplicaPath replica) {
    var bytes = replicas.get(replica);
    return bytes == null ? -1 : bytes.length;
  }

  /** The lengths of all replicas of a fid. */
  public List<Integer> lengths(long fid) {
    return replicas().stream()
        .filter(replica -> replica.fid().value() == fid)
        .map(this::length)
        .toList();
  }

  public List<String> calls() {
    return List.copyOf(calls);
  }

  public long count(String beginning) {
    return calls.stream().filter(call -> call.startsWith(beginning)).count();
  }

  public void forgetCalls() {
    calls.clear();
  }

  public Set<Fid> copiedTwiceAtOnce() {
    return Set.copyOf(copiedTwiceAtOnce);
  }

  private @Nullable Trouble trouble(Host host, DeviceId device) {
    var ofHost = troubles.get(host.id());
    return ofHost == null ? troubles.get(device) : ofHost;
  }

  private boolean deaf(Place place) {
    var trouble = trouble(place.host(), place.path().device());
    return trouble == Trouble.REFUSES || trouble == Trouble.SILENT;
  }

  @Override
  public Presence look(Place place) {
    calls.add("look " + place.path());
    if (deaf(place)) {
      return new Presence.CannotTell("trouble");
    }
    var bytes = replicas.get(place.path());
    return bytes == null ? new Presence.Missing() : new Presence.Present(bytes.length);
  }

  @Override
  public void prepare(List<Place> places) {
    places.forEach(place -> calls.add("prepare " + place.path()));
  }

  @Override
  public Deletion delete(Place place) {
    calls.add("delete " + place.path());
    if (deaf(place)) {
      return new Deletion.Failed("trouble");
    }
    replicas.remove(place.path());
    return new Deletion.Gone();
  }

  @Override
  public Copy copy(Order order) {
    calls.add("copy " + order.from().path() + " " + order.to().path());
    sources.add(order.from().host().addresses().ip());
    var fid = order.to().path().fid();
    var underWay = copying.computeIfAbsent(fid, _ -> new AtomicInteger());
    if (underWay.incrementAndGet() > 1) {
      copiedTwiceAtOnce.add(fid);
    }
    try {
      var bytes = replicas.get(order.from().path());
      var happening = duringCopy;
      if (happening != null) {
        happening.run();
      }
      return transfer(order, bytes);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private Copy transfer(Order order, byte @Nullable [] bytes) {
    var from = order.from();
    if (deaf(from)
        || bytes == null
        || bytes.length != order.length()
        || trouble(from.host(), from.path().device()) == Trouble.BAD_READS) {
      return new Copy.SourceFailed("trouble");
    }
    if (order.known().filter(c -> !c.equals(digest(c.algorithm(), bytes))).isPresent()) {
      return new Copy.SourceFailed("digest");
    }
    var trouble = trouble(order.to().host(), order.to().path().device());
    if (deaf(order.to()) || trouble == Trouble.READ_ONLY) {
      return new Copy.DestinationFailed("trouble");
    }
    var kept = bytes.clone();
    if (trouble == Trouble.ROTTEN) {
      kept[0] ^= 1;
    }
    switch (trouble) {
      case KEEPS_NOTHING -> {}
      case KEEPS_HALF -> replicas.put(order.to().path(), Arrays.copyOf(kept, kept.length / 2));
      case null, default -> replicas.put(order.to().path(), kept);
    }
    return new Copy.Made(order.wanted().map(algorithm -> digest(algorithm, bytes)));
  }

  @Override
  public boolean verifiesCopies(Host host) {
    return verifiesCopies;
  }

  @Override
  public Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length) {
    calls.add("digest " + place.path());
    var bytes = replicas.get(place.path());
    return deaf(place) || bytes == null ? Optional.empty() : Optional.of(digest(algorithm, bytes));
  }

  @Override
  public Usage usage(Host host, DeviceId device) {
    calls.add("usage " + device);
    await(held.get(device));
    return switch (trouble(host, device)) {
      case REFUSES -> new Usage.Unreachable(false, "refused");
      case SILENT -> new Usage.Unreachable(true, "no answer in time");
      case GARBLED -> new Usage.Unreadable("garbled");
      case null, default -> new Usage.Read(space(device));
    };
  }

  private static void await(@Nullable CountDownLatch latch) {
    try {
      if (latch != null) {
        latch.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Map<DeviceId, String> utilization(Host host) {
    return Map.copyOf(utilization);
  }

  @Override
  public boolean testWrite(Host host, DeviceId device) {
    calls.add("testWrite " + device);
    return trouble(host, device) != Trouble.READ_ONLY;
  }

  @Override
  public boolean rejectsBadMd5(Host host, DeviceId device) {
    calls.add("rejectsBadMd5 " + device);
    return rejectsBadMd5;
  }

  public static Checksum digest(HashAlgorithm algorithm, byte[] bytes) {
    try {
      return Checksum.of(algorithm, MessageDigest.getInstance(algorithm.wire()).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
