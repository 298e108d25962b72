package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.Placement;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.policy.ReplicationPolicies.Parsed;
import io.hayloft.tracker.policy.Situation;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Then;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What a check makes of a file. Pure: first of what the tables say of it, then of what the nodes
 * said. Never decides to remove bytes; a location is forgotten only where a node said that it is
 * wrong, or where the device is dead.
 */
final class FsckPlan {

  /** Most copies that the column can count. */
  static final int MOST_COPIES = 255;

  /** A file as the tables have it. */
  record Subject(StoredFile file, Set<DeviceId> on, Optional<Checksum> stored) {

    Subject {
      on = Set.copyOf(on);
    }
  }

  /** What a file's devices are asked about its content. */
  enum Digests {
    /** Nothing. */
    OFF,
    /** The digest that its class keeps, if it keeps one. */
    OF_CLASS,
    MD5,
    SHA_1
  }

  /**
   * How thorough a check is.
   *
   * @param crc whether contents are compared with what they were when they were stored
   */
  record Mode(boolean policyOnly, boolean skipDevcount, Digests digests, boolean crc) {

    /** The same for a file whose content there is reason to doubt. */
    Mode doubting() {
      return new Mode(
          policyOnly, skipDevcount, digests == Digests.OFF ? Digests.OF_CLASS : digests, true);
    }

    /** The digest that is asked for of a file of that class. */
    Optional<HashAlgorithm> algorithm(FileClass fileClass) {
      return switch (digests) {
        case OFF -> Optional.empty();
        case OF_CLASS -> fileClass.hash();
        case MD5 -> Optional.of(HashAlgorithm.MD5);
        case SHA_1 -> Optional.of(HashAlgorithm.SHA_1);
      };
    }
  }

  /** What is to be done after a look at the tables. */
  enum Next {
    /** Nothing. */
    NOTHING,
    /** See whether the copies are there. */
    LOOK,
    /** Go into it, with the file's lease. */
    EXAMINE
  }

  /**
   * What the tables say.
   *
   * @param miscounted whether the count of copies is wrong, and only that
   */
  record Glance(boolean miscounted, Next next) {}

  private final ReplicationPolicies policies;

  FsckPlan(ReplicationPolicies policies) {
    this.policies = policies;
  }

  Glance glance(Subject subject, Mode mode, ClusterView cluster, RandomGenerator random) {
    if (subject.on().isEmpty() || !isWellPlaced(subject, subject.on(), cluster, random)) {
      return new Glance(false, Next.EXAMINE);
    }
    return new Glance(isMiscounted(subject, mode), next(subject, mode, cluster));
  }

  private static Next next(Subject subject, Mode mode, ClusterView cluster) {
    var fileClass = ReplicatePlan.terms(subject.file(), cluster);
    if (fileClass.hash().isPresent()
        && subject.stored().isEmpty()
        && mode.algorithm(fileClass).isPresent()) {
      return Next.EXAMINE;
    }
    if (mode.policyOnly()) {
      return Next.NOTHING;
    }
    // Reading contents includes a look; one that comes before would only add to the work.
    return mode.crc() || mode.algorithm(fileClass).isPresent() ? Next.EXAMINE : Next.LOOK;
  }

  private static boolean isMiscounted(Subject subject, Mode mode) {
    return !mode.skipDevcount()
        && subject.file().devcount() != Math.min(MOST_COPIES, subject.on().size());
  }

  /**
   * Whether the file is where its policy wants it. Rows of dead devices count here: what is on them
   * is found out by looking, not by the policy.
   */
  boolean isWellPlaced(
      FileClass terms, Set<DeviceId> on, ClusterView cluster, RandomGenerator random) {
    return switch (policies.parse(terms.policyText())) {
      // Nobody can say what it wants; replication complains of it.
      case Parsed.Unknown _ -> true;
      case Parsed.Known(var policy) ->
          policy.place(
                  new Situation(countingDead(cluster, on), on, Set.of(), terms.mindevcount()),
                  random)
              instanceof Placement.Satisfied;
    };
  }

  private boolean isWellPlaced(
      Subject subject, Set<DeviceId> on, ClusterView cluster, RandomGenerator random) {
    return isWellPlaced(ReplicatePlan.terms(subject.file(), cluster), on, cluster, random);
  }

  private static ClusterView countingDead(ClusterView cluster, Set<DeviceId> on) {
    boolean anyDead =
        on.stream().map(cluster::device).flatMap(Optional::stream).anyMatch(FsckPlan::isDead);
    if (!anyDead) {
      return cluster;
    }
    var registry = cluster.registry();
    var devices = registry.devices().values().stream().map(device -> revived(device, on)).toList();
    var domains =
        registry.domains().stream()
            .collect(Collectors.toMap(Function.identity(), each -> registry.classRows(each.id())));
    return cluster.with(
        new Registry(
            List.copyOf(registry.hosts().values()), devices, domains, registry.settings()));
  }

  private static boolean isDead(Device device) {
    return device.status() == DeviceStatus.DEAD;
  }

  private static Device revived(Device device, Set<DeviceId> on) {
    return isDead(device) && on.contains(device.id())
        ? new Device(device.id(), device.host(), DeviceStatus.DOWN, device.weight(), device.space())
        : device;
  }

  /** What became of a look at a recorded copy. */
  enum Finding {
    GOOD,
    MISSING,
    WRONG_LENGTH,
    /** On a device that is dead, or not there any more. */
    LOST,
    CANNOT_TELL
  }

  /** What a search of all other devices gave, where there was one. */
  sealed interface Search {
    record None() implements Search {}

    record Found(DeviceId device) implements Search {}

    record Nowhere() implements Search {}
  }

  /**
   * What the nodes said, of every recorded copy something.
   *
   * @param digests of the good copies, the one found by the search included; none where none were
   *     asked for
   * @param contents of the good copies, where the nodes can tell; none where nobody asked
   */
  record Evidence(
      Map<DeviceId, Finding> findings,
      Search search,
      Map<DeviceId, Checksum> digests,
      Map<DeviceId, Content> contents) {

    Evidence {
      findings = new TreeMap<>(findings);
      digests = new TreeMap<>(digests);
      contents = new TreeMap<>(contents);
      if (findings.containsValue(Finding.CANNOT_TELL)) {
        throw new IllegalStateException("no conclusion without an answer of every device");
      }
    }

    /** Those of the devices whose copy is not what was stored. */
    Set<DeviceId> rotten(Set<DeviceId> among) {
      return among.stream()
          .filter(contents::containsKey)
          .filter(device -> !Objects.requireNonNull(contents.get(device)).asStored())
          .collect(Collectors.toUnmodifiableSet());
    }

    Set<DeviceId> good() {
      return findings.entrySet().stream()
          .filter(each -> each.getValue() == Finding.GOOD)
          .map(Map.Entry::getKey)
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * The content of a copy.
   *
   * @param asStored whether it is what it was when it was stored; also when nobody knows that
   * @param crc of the bytes as they are now
   */
  record Content(boolean asStored, int crc) {}

  Conclusion conclude(
      Subject subject, Evidence evidence, Mode mode, ClusterView cluster, RandomGenerator random) {
    var events = new ArrayList<Event>();
    if (subject.on().isEmpty()) {
      events.add(Event.of(FsckEvent.NOPA));
    } else if (!isWellPlaced(subject, subject.on(), cluster, random)) {
      events.add(Event.of(FsckEvent.POVI));
    }
    var forget = new HashSet<DeviceId>();
    evidence.findings().forEach((device, finding) -> judge(device, finding, events, forget));
    var found = found(evidence.search(), events);
    var rotten = rotten(evidence, events, forget);
    var digests = new TreeMap<>(evidence.digests());
    digests.keySet().removeAll(rotten);
    var checksum = compare(subject, digests, mode, cluster, events, forget);
    if (digests.isEmpty() && rotten.isEmpty() && isUnlike(evidence.contents())) {
      events.add(Event.of(FsckEvent.MSUM));
    }
    var kept = new HashSet<>(evidence.good());
    kept.addAll(found);
    kept.removeAll(forget);
    var then = new HashSet<Then>();
    boolean moved = !forget.isEmpty() || !found.isEmpty();
    if (moved && !mode.skipDevcount()) {
      then.add(Then.RECOUNT);
    }
    if (!kept.isEmpty() && !isWellPlaced(subject, kept, cluster, random)) {
      events.add(Event.of(FsckEvent.REPL));
      then.add(Then.REPLICATE);
    } else if (!moved && isMiscounted(subject, mode)) {
      events.add(Event.of(FsckEvent.BCNT));
      then.add(Then.RECOUNT);
    }
    return new Conclusion(subject.file().fid(), events, forget, found, checksum, then);
  }

  /** The correction of a count that is wrong. */
  static Conclusion recount(StoredFile file) {
    return new Conclusion(
        file.fid(),
        List.of(Event.of(FsckEvent.BCNT)),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Set.of(Then.RECOUNT));
  }

  private static void judge(
      DeviceId device, Finding finding, List<Event> events, Set<DeviceId> forget) {
    switch (finding) {
      case GOOD, CANNOT_TELL -> {}
      case MISSING -> {
        events.add(Event.of(FsckEvent.MISS, device));
        forget.add(device);
      }
      case WRONG_LENGTH -> {
        events.add(Event.of(FsckEvent.BLEN, device));
        forget.add(device);
      }
      case LOST -> forget.add(device);
    }
  }

  private static Set<DeviceId> found(Search search, List<Event> events) {
    return switch (search) {
      case Search.None() -> Set.of();
      case Search.Found(var device) -> {
        events.add(Event.of(FsckEvent.SRCH));
        events.add(Event.of(FsckEvent.FOND, device));
        yield Set.of(device);
      }
      case Search.Nowhere() -> {
        events.add(Event.of(FsckEvent.SRCH));
        events.add(Event.of(FsckEvent.GONE));
        yield Set.of();
      }
    };
  }

  /**
   * The copies that are not what was stored. Where all are there is nothing better, and they stay.
   */
  private static Set<DeviceId> rotten(Evidence evidence, List<Event> events, Set<DeviceId> forget) {
    var rotten =
        evidence.contents().entrySet().stream()
            .filter(each -> !each.getValue().asStored())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    boolean anySound =
        evidence.contents().values().stream().anyMatch(Content::asStored)
            || evidence.contents().size() < evidence.good().size();
    if (anySound) {
      rotten.forEach(device -> events.add(Event.of(FsckEvent.BSUM, device)));
      forget.addAll(rotten);
      return rotten;
    }
    if (!rotten.isEmpty() && evidence.digests().isEmpty()) {
      events.add(Event.of(FsckEvent.BSUM));
    }
    return Set.of();
  }

  private static boolean isUnlike(Map<DeviceId, Content> contents) {
    return contents.values().stream()
            .filter(Content::asStored)
            .mapToInt(Content::crc)
            .distinct()
            .count()
        > 1;
  }

  /** Compares digests with one another and with the kept one; the digest to keep, if any. */
  private static Optional<Checksum> compare(
      Subject subject,
      Map<DeviceId, Checksum> digests,
      Mode mode,
      ClusterView cluster,
      List<Event> events,
      Set<DeviceId> forget) {
    if (digests.isEmpty()) {
      return Optional.empty();
    }
    boolean alike = Set.copyOf(digests.values()).size() == 1;
    var some = digests.values().iterator().next();
    if (subject.stored().isPresent()) {
      compareWith(subject.stored().get(), digests, alike, events, forget);
      return Optional.empty();
    }
    var ofClass = ReplicatePlan.terms(subject.file(), cluster).hash();
    if (!alike) {
      boolean kept = mode.digests() == Digests.OF_CLASS || ofClass.isPresent();
      events.add(Event.of(kept ? FsckEvent.BSUM : FsckEvent.MSUM));
      return Optional.empty();
    }
    if (ofClass.equals(Optional.of(some.algorithm()))) {
      events.add(Event.of(FsckEvent.NSUM));
      return Optional.of(some);
    }
    return Optional.empty();
  }

  /** Where some copies are right, the others are known to be wrong and go. */
  private static void compareWith(
      Checksum stored,
      Map<DeviceId, Checksum> digests,
      boolean alike,
      List<Event> events,
      Set<DeviceId> forget) {
    boolean anyRight = digests.containsValue(stored);
    if (anyRight) {
      digests.forEach(
          (device, digest) -> {
            if (!digest.equals(stored)) {
              events.add(Event.of(FsckEvent.BSUM, device));
              forget.add(device);
            }
          });
      return;
    }
    boolean other = digests.values().stream().noneMatch(d -> d.algorithm() == stored.algorithm());
    events.add(Event.of(alike && other ? FsckEvent.BALG : FsckEvent.BSUM));
  }
}
