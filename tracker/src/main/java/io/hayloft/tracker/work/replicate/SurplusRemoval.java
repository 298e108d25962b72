package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.ReplicationStore;
import io.hayloft.tracker.work.FidLeases;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Removes one copy too many, never the last good one.
 *
 * <p>Whoever removes a copy holds the file's lease ({@link FidLeases}), reads its locations again
 * under it, and counts only what he has just looked at: those copies alone must be as many and as
 * well placed as the file's policy asks. Where a digest of the file is kept, one of them must have
 * it.
 */
public final class SurplusRemoval {

  /** How it ended. */
  public enum Outcome {
    REMOVED,
    /** The others could not be shown to be enough. */
    NOT_SAFE,
    /** Somebody else is at this file. */
    BUSY
  }

  /** What the removal works with. */
  public record Ports(FileStore files, ReplicationStore replication) {}

  private final Ports ports;
  private final StorageNodes nodes;
  private final FidLeases leases;
  private final RandomGenerator random;
  private final ReplicatePlan plan;

  public SurplusRemoval(
      Ports ports,
      StorageNodes nodes,
      FidLeases leases,
      ReplicatePlan plan,
      RandomGenerator random) {
    this.ports = ports;
    this.nodes = nodes;
    this.leases = leases;
    this.plan = plan;
    this.random = random;
  }

  /** Removes one of the copies that the plan says may go. */
  Outcome remove(StoredFile file, Optional<Checksum> stored, ClusterView cluster) {
    var held = leases.take(file.fid(), stored.isPresent() ? file.length() : 0);
    if (held.isEmpty()) {
      return Outcome.BUSY;
    }
    try (var lease = held.get()) {
      var task = task(file);
      return plan.decide(task, cluster, ReplicatePlan.Avoid.NOTHING, random)
              instanceof ReplicatePlan.Next.RemoveSurplus(var candidates)
          ? removeAlone(task, candidates, stored, cluster, lease)
          : Outcome.NOT_SAFE;
    }
  }

  /** Removes that copy, for somebody who holds the file's lease, or held it until just now. */
  public Outcome remove(
      StoredFile file,
      Device surplus,
      Optional<Checksum> stored,
      ClusterView cluster,
      FidLeases.Held lease) {
    return lease.renew()
        ? removeAlone(task(file), List.of(surplus), stored, cluster, lease)
        : Outcome.BUSY;
  }

  private ReplicatePlan.Task task(StoredFile file) {
    var on = Set.copyOf(ports.files().devices(file.fid()));
    return new ReplicatePlan.Task(file, on, Optional.empty());
  }

  private Outcome removeAlone(
      ReplicatePlan.Task task,
      List<Device> candidates,
      Optional<Checksum> stored,
      ClusterView cluster,
      FidLeases.Held lease) {
    var present = present(task.file(), task.on(), cluster);
    for (var candidate : candidates) {
      var others = new HashSet<>(present);
      others.remove(candidate.id());
      if (task.on().contains(candidate.id())
          && plan.mayRemove(task, candidate.id(), others, cluster, random)
          && isIntact(task.file(), stored, others, cluster)
          && lease.isStillMine()) {
        return remove(task.file(), candidate, cluster);
      }
    }
    return Outcome.NOT_SAFE;
  }

  private Outcome remove(StoredFile file, Device surplus, ClusterView cluster) {
    var place = place(file, surplus.id(), cluster);
    if (place.isPresent() && nodes.delete(place.get()) instanceof Deletion.Gone) {
      ports.replication().removed(file.fid(), surplus.id());
      return Outcome.REMOVED;
    }
    return Outcome.NOT_SAFE;
  }

  /** The devices that have the file in its right length and are not dead, at this moment. */
  private Set<DeviceId> present(StoredFile file, Set<DeviceId> on, ClusterView cluster) {
    var present = new HashSet<DeviceId>();
    for (var device : on) {
      var place = place(file, device, cluster);
      if (place.isPresent()
          && nodes.look(place.get()) instanceof Presence.Present(var length)
          && length == file.length()) {
        present.add(device);
      }
    }
    present.removeAll(ports.replication().markedDead());
    return present;
  }

  private boolean isIntact(
      StoredFile file, Optional<Checksum> stored, Set<DeviceId> devices, ClusterView cluster) {
    return stored
        .map(
            checksum ->
                List.copyOf(devices).stream()
                    .map(device -> place(file, device, cluster))
                    .flatMap(Optional::stream)
                    .map(place -> nodes.digest(place, checksum.algorithm(), file.length()))
                    .anyMatch(stored::equals))
        .orElse(true);
  }

  private static Optional<Place> place(StoredFile file, DeviceId device, ClusterView cluster) {
    return cluster
        .device(device)
        .filter(cluster::shouldRead)
        .flatMap(known -> cluster.host(known.host()))
        .map(host -> Place.of(host, device, file.fid()));
  }
}
