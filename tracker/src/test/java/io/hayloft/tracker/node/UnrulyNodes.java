package io.hayloft.tracker.node;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Storage nodes as one tracker meets them: some calls fail, take long, are done without an answer,
 * or are answered untruly. What the disks keep is shared with other trackers.
 */
public final class UnrulyNodes implements StorageNodes {

  /** What becomes of a call. */
  public enum Fate {
    WELL,
    /** Nothing is done. */
    FAILS,
    /** It is done, and the answer is lost. */
    UNHEARD,
    /** A copy is said to be made, and half of it is there. */
    HALF,
    /** A copy is said to be made, and is not there. */
    FORGOTTEN,
    /** A copy is said to be made, and other bytes of that length are there. */
    ROTTEN
  }

  /** Decides. */
  @FunctionalInterface
  public interface Fates {

    /** One of those that are possible; may take its time to say so. */
    Fate of(String call, ReplicaPath path, Set<Fate> possible);
  }

  /** Sees every change of what the disks keep. */
  public interface Changes {

    /** Carries a change out, one at a time for each fid. */
    <T> T make(ReplicaPath path, Supplier<T> change);

    /** Bytes may be there now that no tracker knows of. */
    void unheard(ReplicaPath path);
  }

  private static final Set<Fate> LOOKING = EnumSet.of(Fate.WELL, Fate.FAILS);
  private static final Set<Fate> DELETING = EnumSet.of(Fate.WELL, Fate.FAILS, Fate.UNHEARD);
  private static final Set<Fate> COPYING =
      EnumSet.of(Fate.WELL, Fate.FAILS, Fate.UNHEARD, Fate.HALF, Fate.FORGOTTEN);
  private static final Set<Fate> COPYING_VERIFIED = EnumSet.allOf(Fate.class);

  private final MemoryNodes disks;
  private final Fates fates;
  private final Changes changes;
  private final Queue<ReplicaPath> made = new ConcurrentLinkedQueue<>();
  private volatile boolean dead;

  public UnrulyNodes(MemoryNodes disks, Fates fates, Changes changes) {
    this.disks = disks;
    this.fates = fates;
    this.changes = changes;
  }

  /** The tracker that uses them dies: it hears nothing any more, and asks for nothing. */
  public void die() {
    dead = true;
    made.forEach(changes::unheard);
  }

  /** What was copied so far has been recorded, or will never be. */
  public void forgetMade() {
    made.clear();
  }

  private Fate fate(String call, ReplicaPath path, Set<Fate> possible) {
    requireAlive();
    var fate = fates.of(call, path, possible);
    requireAlive();
    return fate;
  }

  private void requireAlive() {
    if (dead) {
      throw new IllegalStateException("this tracker was killed");
    }
  }

  @Override
  public Presence look(Place place) {
    if (fate("look", place.path(), LOOKING) == Fate.WELL) {
      return disks.look(place);
    }
    noteUnrecorded(place.path());
    return new Presence.CannotTell("mischief");
  }

  @Override
  public void prepare(List<Place> places) {
    requireAlive();
  }

  @Override
  public Deletion delete(Place place) {
    var path = place.path();
    return switch (fate("delete", path, DELETING)) {
      case FAILS -> {
        noteUnrecorded(path);
        yield new Deletion.Failed("mischief");
      }
      case UNHEARD -> {
        var _ = changes.make(path, () -> disks.delete(place));
        yield new Deletion.Failed("the answer was lost");
      }
      case WELL, HALF, FORGOTTEN, ROTTEN -> changes.make(path, () -> disks.delete(place));
    };
  }

  /** Only where digests are compared can anybody notice that bytes are others. */
  private static Set<Fate> possible(Order order) {
    return order.known().isPresent() || order.wanted().isPresent() ? COPYING_VERIFIED : COPYING;
  }

  @Override
  public Copy copy(Order order) {
    var path = order.to().path();
    var fate = fate("copy", path, possible(order));
    if (fate == Fate.FAILS) {
      return order.length() % 2 == 0
          ? new Copy.SourceFailed("mischief")
          : new Copy.DestinationFailed("mischief");
    }
    made.add(path);
    if (dead) {
      changes.unheard(path);
    }
    var copy = changes.make(path, () -> copy(order, fate));
    if (fate == Fate.UNHEARD && copy instanceof Copy.Made) {
      changes.unheard(path);
      return new Copy.DestinationFailed("the answer was lost");
    }
    return copy;
  }

  private Copy copy(Order order, Fate fate) {
    var path = order.to().path();
    var before = disks.bytes(path);
    var copy = disks.copy(order);
    var bytes = disks.bytes(path);
    if (!(copy instanceof Copy.Made) || bytes.isEmpty()) {
      return copy;
    }
    if (fate == Fate.HALF || fate == Fate.ROTTEN) {
      // A check forgets where bad bytes are, and leaves them.
      changes.unheard(path);
    }
    switch (fate) {
      case HALF -> store(path, Arrays.copyOf(bytes.get(), bytes.get().length / 2));
      case ROTTEN -> {
        bytes.get()[0] ^= 1;
        store(path, bytes.get());
      }
      // What was there before is still there: a write that only the page cache saw.
      case FORGOTTEN ->
          before.ifPresentOrElse(
              old -> store(path, old), () -> disks.lose(path.device().value(), path.fid().value()));
      case WELL, FAILS, UNHEARD -> {}
    }
    return copy;
  }

  private void store(ReplicaPath path, byte[] bytes) {
    disks.store(path.device().value(), path.fid().value(), bytes);
  }

  @Override
  public Optional<Checksum> digest(Place place, HashAlgorithm algorithm, long length) {
    if (fate("digest", place.path(), LOOKING) == Fate.WELL) {
      return disks.digest(place, algorithm, length);
    }
    noteUnrecorded(place.path());
    return Optional.empty();
  }

  /** A copy that cannot be verified, or not be taken back, is none, and its bytes are there. */
  private void noteUnrecorded(ReplicaPath path) {
    if (made.contains(path)) {
      changes.unheard(path);
    }
  }

  @Override
  public Usage usage(Host host, DeviceId device) {
    requireAlive();
    return disks.usage(host, device);
  }

  @Override
  public Map<DeviceId, String> utilization(Host host) {
    return disks.utilization(host);
  }

  @Override
  public boolean testWrite(Host host, DeviceId device) {
    requireAlive();
    return disks.testWrite(host, device);
  }

  @Override
  public boolean rejectsBadMd5(Host host, DeviceId device) {
    return disks.rejectsBadMd5(host, device);
  }
}
