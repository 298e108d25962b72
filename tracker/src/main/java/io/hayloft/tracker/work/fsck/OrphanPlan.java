package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.policy.Placement;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.store.FsckRunStore.Claims;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What becomes of bytes that no location stands for. Pure. They are never deleted: at worst they
 * are taken out of the way, where they can be had again.
 */
final class OrphanPlan {

  /** What becomes of a file on a device. */
  enum Fate {
    /** It is somebody's after all, or somebody sees to it. */
    LEAVE,
    /** A file of that number is there, and it may be a copy of it. */
    WEIGH,
    /** Nobody's. */
    QUARANTINE
  }

  private final ReplicationPolicies policies;

  OrphanPlan(ReplicationPolicies policies) {
    this.policies = policies;
  }

  /**
   * @param claims as they are now, later than the listing
   */
  static Fate fate(DeviceId device, Claims claims) {
    if (claims.on().contains(device) || claims.kept()) {
      return Fate.LEAVE;
    }
    return claims.file().isPresent() ? Fate.WEIGH : Fate.QUARANTINE;
  }

  /**
   * Whether a file may be weighed that was seen, a moment ago, to have good copies at all of these
   * places. Where it has any other by now, or none, its copies may be bad and this the last one.
   */
  static boolean isAsSeen(DeviceId device, Claims claims, Set<DeviceId> seenGood) {
    return fate(device, claims) == Fate.WEIGH
        && !seenGood.isEmpty()
        && claims.on().equals(seenGood);
  }

  /**
   * Whether it shall be one of the copies of its file: it is right as far as anybody can tell, and
   * the file lacks copies.
   *
   * @param entry with its content read
   */
  boolean isWanted(
      Entry entry,
      Claims claims,
      Optional<Checksum> kept,
      ClusterView cluster,
      RandomGenerator random) {
    var file = claims.file();
    return file.isPresent()
        && entry.readable()
        && entry.length() == file.get().length()
        && isAsStored(entry)
        && kept.map(entry.digests()::contains).orElse(true)
        && lacksCopies(file.get(), claims, cluster, random);
  }

  /** Also where nobody knows what it was. */
  static boolean isAsStored(Entry entry) {
    return entry.crc32c().isEmpty()
        || entry.crcNow().isEmpty()
        || entry.crc32c().getAsInt() == entry.crcNow().getAsInt();
  }

  private boolean lacksCopies(
      StoredFile file, Claims claims, ClusterView cluster, RandomGenerator random) {
    var terms = ReplicatePlan.terms(file, cluster);
    return switch (policies.parse(terms.policyText())) {
      case Parsed.Unknown _ -> false;
      case Parsed.Known(var policy) ->
          switch (policy.place(
              new Situation(cluster, claims.on(), Set.of(), terms.mindevcount()), random)) {
            case Placement.Satisfied _, Placement.Excess _ -> false;
            case Placement.Wanted _, Placement.Impossible _ -> true;
          };
    };
  }
}
