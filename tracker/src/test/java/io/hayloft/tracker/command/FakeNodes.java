package io.hayloft.tracker.command;

import static java.util.Objects.requireNonNull;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.DisksOfNodes;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Storage nodes that keep bytes in memory, and devices that refuse or hang when a test says so. */
public final class FakeNodes implements StorageNodes {

  private final Map<ReplicaPath, byte[]> replicas = new ConcurrentHashMap<>();
  private final Set<DeviceId> refusing = ConcurrentHashMap.newKeySet();
  private final Set<DeviceId> undigested = ConcurrentHashMap.newKeySet();
  private final Set<DeviceId> hanging = ConcurrentHashMap.newKeySet();
  private final DisksOfNodes disks = new DisksOfNodes();
  private volatile boolean preparesNothing;
  private final CountDownLatch release = new CountDownLatch(1);
  private final Queue<Place> looked = new ConcurrentLinkedQueue<>();

  public void put(String path, byte[] bytes) {
    replicas.put(ReplicaPath.parse(path).orElseThrow(), bytes);
  }

  public void put(int device, long fid, int length) {
    replicas.put(new ReplicaPath(new DeviceId(device), new Fid(fid)), new byte[length]);
  }

  public void remove(int device, long fid) {
    replicas.remove(new ReplicaPath(new DeviceId(device), new Fid(fid)));
  }

  /** What a client does with WebDAV's MOVE. */
  public void move(int device, long from, long to) {
    var moved = replicas.remove(new ReplicaPath(new DeviceId(device), new Fid(from)));
    replicas.put(new ReplicaPath(new DeviceId(device), new Fid(to)), requireNonNull(moved));
  }

  /** Connections to that device are refused. */
  public void refuse(int device) {
    refusing.add(new DeviceId(device));
  }

  /** The bytes on that device can be seen and not read. */
  public void refuseDigests(int device) {
    undigested.add(new DeviceId(device));
  }

  /** That device does not answer before {@link #release}. */
  public void hang(int device) {
    hanging.add(new DeviceId(device));
  }

  /** From now on the host with the device's number tells whose disk it is. */
  public void disk(int device, String identity) {
    disks.put(device, device, identity);
  }

  public void release() {
    release.countDown();
  }

  /** The devices asked for replicas, in the order asked. */
  public List<Integer> looked() {
    return looked.stream().map(place -> place.path().device().value()).toList();
  }

  @Override
  public Presence look(Place place) {
    looked.add(place);
    var device = place.path().device();
    if (hanging.contains(device)) {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Presence.CannotTell("no answer in time");
    }
    if (refusing.contains(device)) {
      return new Presence.CannotTell("connection refused");
    }
    var bytes = replicas.get(place.path());
    return bytes == null ? new Presence.Missing() : new Presence.Present(bytes.length);
  }

  @Override
  public boolean look(Place place, Consumer<Presence> then) {
    Thread.startVirtualThread(() -> then.accept(look(place)));
    return true;
  }

  /** Of a device that hangs it is heard when the patience is at its end. */
  @Override
  public boolean glance(Place place, Duration patience, Consumer<OptionalLong> then) {
    Thread.startVirtualThread(
        () -> {
          if (hanging.contains(place.path().device())) {
            LockSupport.parkNanos(patience.toNanos());
            then.accept(OptionalLong.empty());
          } else {
            then.accept(
                look(place) instanceof Presence.Present(var length)
                    ? OptionalLong.of(length)
                    : OptionalLong.empty());
          }
        });
    return true;
  }

  @Override
  public void prepare(List<Place> places) {}

  @Override
  public boolean isPrepared(Place place) {
    return preparesNothing;
  }

  /** From now on no replica needs directories to be made for it. */
  public void prepareNothing() {
    preparesNothing = true;
  }

  /** From now on directories have to be made for each replica, as at first. */
  public void prepareEverything() {
    preparesNothing = false;
  }

  @Override
  public Deletion delete(Place place) {
    replicas.remove(place.path());
    return new Deletion.Gone();
  }

  @Override
  public Copy copy(Order order) {
    var bytes = replicas.get(order.from().path());
    if (bytes == null || bytes.length != order.length()) {
      return new Copy.SourceFailed("not there in full");
    }
    if (refusing.contains(order.to().path().device())) {
      return new Copy.DestinationFailed("connection refused");
    }
    replicas.put(order.to().path(), bytes);
    return new Copy.Made(Optional.empty());
  }

  @Override
  public Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length) {
    var bytes = replicas.get(place.path());
    if (bytes == null || undigested.contains(place.path().device())) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Checksum.of(algorithm, MessageDigest.getInstance(algorithm.wire()).digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Usage usage(Host host, DeviceId device) {
    return new Usage.Unreadable("not in this test");
  }

  @Override
  public Map<DeviceId, String> utilization(Host host) {
    return Map.of();
  }

  @Override
  public boolean testWrite(Host host, DeviceId device) {
    return true;
  }

  @Override
  public boolean rejectsBadMd5(Host host, DeviceId device) {
    return false;
  }

  @Override
  public Optional<NativeNodes> nativeNodes() {
    return Optional.of(disks);
  }
}
