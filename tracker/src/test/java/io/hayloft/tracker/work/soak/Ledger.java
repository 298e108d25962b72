package io.hayloft.tracker.work.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.UnrulyNodes.Changes;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What every file must consist of, which files must not be lost at this moment, and what was found
 * to be wrong. It looks at each change of the disks while it is made: a file that must not be lost
 * has a good copy before and after.
 */
final class Ledger implements Changes {

  private final MemoryNodes disks;
  private final Set<Fid> guarded = ConcurrentHashMap.newKeySet();
  private final Set<ReplicaPath> leftovers = ConcurrentHashMap.newKeySet();
  private final Map<Fid, Object> locks = new ConcurrentHashMap<>();
  private final Set<ReplicaPath> changed = ConcurrentHashMap.newKeySet();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

  Ledger(MemoryNodes disks) {
    this.disks = disks;
  }

  /** Of each file other bytes, and seldom as many. */
  static byte[] content(Fid fid) {
    return ("these are the bytes of fid " + fid + "x".repeat((int) (fid.value() % 97)))
        .getBytes(US_ASCII);
  }

  void guard(Fid fid) {
    guarded.add(fid);
  }

  void guardOnly(Collection<Fid> fids) {
    guarded.clear();
    guarded.addAll(fids);
  }

  boolean isGood(ReplicaPath path) {
    return disks.bytes(path).filter(bytes -> Arrays.equals(bytes, content(path.fid()))).isPresent();
  }

  /** The devices with good copies, in their order. */
  List<ReplicaPath> good(Fid fid) {
    return disks.replicas().stream()
        .filter(path -> path.fid().equals(fid) && isGood(path))
        .sorted(Comparator.comparing(ReplicaPath::device))
        .toList();
  }

  @Override
  public <T> T make(ReplicaPath path, Supplier<T> change) {
    synchronized (locks.computeIfAbsent(path.fid(), _ -> new Object())) {
      changed.add(path);
      boolean was = guarded.contains(path.fid()) && !good(path.fid()).isEmpty();
      T made = change.get();
      if (was && guarded.contains(path.fid()) && good(path.fid()).isEmpty()) {
        violation("the last good copy is lost: " + path);
      }
      return made;
    }
  }

  /** Whether somebody has changed these bytes since the round began. */
  boolean isChanged(ReplicaPath path) {
    return changed.contains(path);
  }

  void roundBegins() {
    changed.clear();
  }

  @Override
  public void unheard(ReplicaPath path) {
    leftovers.add(path);
  }

  /** Bytes that may be there without a row: nobody but a search of the disks can know. */
  boolean isLeftover(ReplicaPath path) {
    return leftovers.contains(path);
  }

  /** What a search of the disks does with bytes that no row names. */
  void sweep(Predicate<ReplicaPath> isInTables) {
    leftovers.stream()
        .filter(isInTables.negate())
        .forEach(path -> disks.lose(path.device().value(), path.fid().value()));
    leftovers.clear();
    locks.clear();
  }

  void violation(String what) {
    violations.add(what);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
