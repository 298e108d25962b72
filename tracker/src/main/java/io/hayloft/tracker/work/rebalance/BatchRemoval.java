package io.hayloft.tracker.work.rebalance;

import static java.util.stream.Collectors.toMap;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.store.ReplicationStore.Removed;
import io.hayloft.tracker.work.FidLeases.HeldTogether;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Removes, of each of many files, the copy that is to go, and never the last good one.
 *
 * <p>The rules are those of a surplus copy: whoever removes holds the file's lease, reads its
 * locations again under it, and counts only what he has just seen, on devices that nobody has
 * marked dead, a copy made by himself like any other, because nodes acknowledge what they have not:
 * those copies alone must be as many and as well placed as the file's policy asks. Where a digest
 * of the file is kept, one of them must have it.
 */
final class BatchRemoval {

  /** After that long, replication looks at files that somebody else may have copied meanwhile. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  /** What a removal works with. */
  record Ports(StorageNodes nodes, FileStore files, ReplicationStore replication) {}

  private final Ports ports;
  private final Tasks tasks;
  private final MovePlan plan;
  private final RandomGenerator random;

  BatchRemoval(Ports ports, Tasks tasks, MovePlan plan, RandomGenerator random) {
    this.ports = ports;
    this.tasks = tasks;
    this.plan = plan;
    this.random = random;
  }

  /**
   * Removes copies and tells each file what became of it.
   *
   * @param ignoreMissing whether a copy that is not there counts as removed
   */
  void remove(
      List<MovingFile> moving, boolean ignoreMissing, ClusterView cluster, HeldTogether held)
      throws InterruptedException {
    var fids = moving.stream().map(MovingFile::fid).toList();
    // Copying may have taken longer than the leases: what is seen from now on counts.
    var mine = held.renew(fids);
    // Before the locations are read: a copy is made only of what is queued, and recorded before the
    // queue forgets it. So of files that are not queued now all copies are in what is read next.
    var queued = new HashSet<>(ports.replication().queued(fids));
    var located = ports.files().locate(fids);
    var looks = new ArrayList<Place>();
    for (var file : moving) {
      var now = located.get(file.fid());
      if (!mine.contains(file.fid())) {
        file.end(new MoveOutcome.Busy());
        continue;
      }
      if (now == null || !now.devices().contains(file.task().off())) {
        file.end(new MoveOutcome.Away());
        continue;
      }
      now.devices().stream()
          .filter(device -> !device.equals(file.task().off()) || !file.wasReadFrom())
          .flatMap(device -> place(file, device, cluster).stream())
          .forEach(looks::add);
      if (!Set.copyOf(now.devices()).equals(file.task().on())) {
        queued.add(file.fid());
      }
    }
    var seen = byFile(eachHost(looks, this::lookAll));
    if (!seen.isEmpty()) {
      var dead = ports.replication().markedDead();
      seen.values().forEach(devices -> devices.keySet().removeAll(dead));
    }
    var mayGo = new ArrayList<MovingFile>();
    for (var file : moving) {
      if (!file.isOver()) {
        judge(file, seen.getOrDefault(file.fid(), Map.of()), ignoreMissing, cluster)
            .ifPresentOrElse(why -> file.end(new MoveOutcome.Kept(why)), () -> mayGo.add(file));
      }
    }
    delete(mayGo, cluster, held);
    lookAgain(moving, queued);
  }

  private static Map<Fid, Map<DeviceId, Presence>> byFile(Map<Place, Presence> seen) {
    var byFile = new HashMap<Fid, Map<DeviceId, Presence>>();
    seen.forEach(
        (place, presence) ->
            byFile
                .computeIfAbsent(place.path().fid(), _ -> new HashMap<>())
                .put(place.path().device(), presence));
    return byFile;
  }

  /** Why the copy stays; empty when it may go. */
  private Optional<String> judge(
      MovingFile file, Map<DeviceId, Presence> seen, boolean ignoreMissing, ClusterView cluster) {
    var off = file.task().off();
    var good = new HashSet<DeviceId>();
    seen.forEach(
        (device, presence) -> {
          if (presence instanceof Presence.Present(var length) && length == file.file().length()) {
            good.add(device);
          }
        });
    good.remove(off);
    if (seen.get(off) instanceof Presence.Missing && !ignoreMissing) {
      return Optional.of("it is not on the device that it is to leave; fsck will see to it");
    }
    boolean isSafe =
        plan.mayRemove(file.file(), off, good, cluster, random) && isIntact(file, good, cluster);
    return isSafe
        ? Optional.empty()
        : Optional.of("copies on other devices are not seen to be enough");
  }

  /** A copy made in this move, and seen since, was compared with the digest when it was made. */
  private boolean isIntact(MovingFile file, Set<DeviceId> devices, ClusterView cluster) {
    return file.stored().isEmpty()
        || !Collections.disjoint(file.made(), devices)
        || devices.stream()
            .flatMap(device -> place(file, device, cluster).stream())
            .map(
                place ->
                    ports
                        .nodes()
                        .digest(place, file.stored().get().algorithm(), file.file().length()))
            .anyMatch(file.stored()::equals);
  }

  private void delete(List<MovingFile> files, ClusterView cluster, HeldTogether held)
      throws InterruptedException {
    var mine = held.stillMine(files.stream().map(MovingFile::fid).toList());
    var places = new HashMap<Place, MovingFile>();
    for (var file : files) {
      var place = place(file, file.task().off(), cluster);
      if (place.isEmpty() || !mine.contains(file.fid())) {
        file.end(new MoveOutcome.Busy());
      } else {
        places.put(place.get(), file);
      }
    }
    var deletions = eachHost(places.keySet(), this::deleteAll);
    var removed = new ArrayList<Removed>();
    places.forEach(
        (place, file) -> {
          switch (deletions.get(place)) {
            case Deletion.Gone() -> {
              removed.add(new Removed(file.fid(), file.task().off()));
              file.end(file.moved());
            }
            case Deletion.Failed(var why) ->
                file.end(new MoveOutcome.Kept("cannot be removed: " + why));
            case null -> file.end(new MoveOutcome.Kept("cannot be removed: no answer"));
          }
        });
    ports.replication().removed(removed);
  }

  /**
   * Files that others may have copied as well, or that have a copy too many for now. Where nothing
   * had to be copied there were more than enough, perhaps left by a tracker that died over a move.
   */
  private void lookAgain(List<MovingFile> moving, Set<Fid> queued) {
    var again =
        moving.stream()
            .filter(
                file ->
                    file.made().isEmpty()
                        || queued.contains(file.fid())
                        || !(file.outcome().orElse(null) instanceof MoveOutcome.Moved))
            .map(MovingFile::fid)
            .toList();
    ports.replication().enqueue(again, AFTERWARDS);
  }

  private static Optional<Place> place(MovingFile file, DeviceId device, ClusterView cluster) {
    return cluster
        .device(device)
        .filter(cluster::shouldRead)
        .flatMap(known -> cluster.host(known.host()))
        .map(host -> Place.of(host, device, file.fid()));
  }

  /** The answers of all hosts, which are asked beside each other. */
  private <R> Map<Place, R> eachHost(
      Collection<Place> places, BiFunction<Host, List<Place>, Map<Place, R>> ask)
      throws InterruptedException {
    var byHost = new TreeMap<Integer, List<Place>>();
    places.forEach(
        place ->
            byHost.computeIfAbsent(place.host().id().value(), _ -> new ArrayList<>()).add(place));
    return tasks
        .forEach(
            byHost.values(),
            Math.max(1, byHost.size()),
            some -> ask.apply(some.getFirst().host(), some))
        .stream()
        .flatMap(answers -> answers.entrySet().stream())
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a));
  }

  private Map<Place, Presence> lookAll(Host host, List<Place> places) {
    try {
      return ports.nodes().lookAll(host, places);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }

  private Map<Place, Deletion> deleteAll(Host host, List<Place> places) {
    try {
      return ports.nodes().deleteAll(host, places);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
