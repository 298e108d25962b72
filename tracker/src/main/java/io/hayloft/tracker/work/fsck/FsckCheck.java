package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.work.FidLeases;
import io.hayloft.tracker.work.fsck.FsckPlan.Content;
import io.hayloft.tracker.work.fsck.FsckPlan.Evidence;
import io.hayloft.tracker.work.fsck.FsckPlan.Finding;
import io.hayloft.tracker.work.fsck.FsckPlan.Mode;
import io.hayloft.tracker.work.fsck.FsckPlan.Search;
import io.hayloft.tracker.work.fsck.FsckPlan.Subject;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Carries {@link FsckPlan} out for one file. What the tables say at first is only a reason to go
 * into it; locations are changed on what is read and seen while the file's lease is held. Where a
 * device cannot be asked there is no conclusion, and the file is checked again later.
 */
public final class FsckCheck {

  private static final int LOOKS_AT_ONCE = 16;

  /** How it ended. */
  enum Outcome {
    CHECKED,
    /** A device did not answer, or somebody else is at the file. */
    STALLED
  }

  /** What a check works with. */
  public record Ports(
      FileStore files,
      FsckStore fsck,
      StorageNodes nodes,
      NativeNodes nativeNodes,
      ReplicationPolicies policies) {}

  private final Cluster cluster;
  private final Ports ports;
  private final FidLeases leases;
  private final Tasks tasks;
  private final RandomGenerator random;
  private final RepeatedCauses causes;
  private final FsckPlan plan;
  private final SingleLook look;

  FsckCheck(
      Cluster cluster,
      Ports ports,
      FidLeases leases,
      Tasks tasks,
      RandomGenerator random,
      RepeatedCauses causes) {
    this.cluster = cluster;
    this.ports = ports;
    this.plan = new FsckPlan(ports.policies());
    this.look = new SingleLook(ports.nativeNodes());
    this.leases = leases;
    this.tasks = tasks;
    this.random = random;
    this.causes = causes;
  }

  Outcome check(Subject subject, Mode mode) throws InterruptedException {
    var view = viewKnowing(subject);
    var glance = plan.glance(subject, mode, view, random);
    if (glance.miscounted()) {
      ports.fsck().conclude(FsckPlan.recount(subject.file()));
    }
    return switch (glance.next()) {
      case NOTHING -> Outcome.CHECKED;
      case EXAMINE -> examine(subject, mode);
      case LOOK -> {
        var findings = look(subject.file(), subject.on(), view).values();
        if (findings.contains(Finding.CANNOT_TELL)) {
          yield stalled("a device cannot be asked", subject.file().fid());
        }
        yield findings.stream().allMatch(Finding.GOOD::equals)
            ? Outcome.CHECKED
            : examine(subject, mode);
      }
    };
  }

  /** A device that is not in the view may be new, and must not be taken for a lost one. */
  private ClusterView viewKnowing(Subject subject) {
    var view = cluster.view();
    boolean known =
        view.fileClass(subject.file().domain(), subject.file().fileClass()).isPresent()
            && subject.on().stream().allMatch(id -> view.device(id).isPresent());
    return known ? view : cluster.reread();
  }

  private Outcome stalled(String cause, Fid fid) {
    causes.warn("check put off: " + cause, "fid " + fid);
    return Outcome.STALLED;
  }

  private Outcome examine(Subject suspect, Mode mode) throws InterruptedException {
    var fid = suspect.file().fid();
    boolean readsNothing = mode.digests() == FsckPlan.Digests.OFF && !mode.crc();
    long toRead = readsNothing ? 0 : 3 * suspect.file().length();
    var held = leases.take(fid, toRead);
    if (held.isEmpty()) {
      return stalled("somebody else is at the file", fid);
    }
    try (var lease = held.get()) {
      var located = ports.files().locate(List.of(fid)).get(fid);
      if (located == null) {
        return Outcome.CHECKED;
      }
      var stored = Optional.ofNullable(ports.files().checksums(List.of(fid)).get(fid));
      var subject = new Subject(located.file(), Set.copyOf(located.devices()), stored);
      var view = viewKnowing(subject);
      var evidence = gather(subject, mode, view);
      if (evidence.isEmpty()) {
        return stalled("a device cannot be asked", fid);
      }
      var conclusion = plan.conclude(subject, evidence.get(), mode, view, random);
      if (!lease.isStillMine()) {
        return stalled("it took too long", fid);
      }
      report(subject, evidence.get());
      if (ports.fsck().conclude(conclusion)) {
        takeAway(fid, evidence.get().rotten(conclusion.forget()), view);
      }
      return Outcome.CHECKED;
    }
  }

  /** The log of the check has each of them; this is for those who only read the daemon's. */
  private void report(Subject subject, Evidence evidence) {
    if (evidence.search() instanceof Search.Nowhere) {
      causes.warn(
          "no device has a good copy (GONE); a person must look",
          "fid " + subject.file().fid() + ", believed to be on " + subject.on());
    }
  }

  /** What the nodes say; empty where one that matters says nothing. */
  private Optional<Evidence> gather(Subject subject, Mode mode, ClusterView view)
      throws InterruptedException {
    var findings = look(subject.file(), subject.on(), view);
    if (findings.containsValue(Finding.CANNOT_TELL)) {
      return Optional.empty();
    }
    Optional<Search> search = Optional.of(new Search.None());
    if (!findings.containsValue(Finding.GOOD)) {
      search = search(subject, view);
    }
    if (search.isEmpty()) {
      return Optional.empty();
    }
    var evidence = new Evidence(findings, search.get(), Map.of(), Map.of());
    var good = new HashSet<>(evidence.good());
    if (search.get() instanceof Search.Found(var device)) {
      good.add(device);
    }
    var algorithm = mode.algorithm(ReplicatePlan.terms(subject.file(), view));
    if (good.isEmpty()) {
      return Optional.of(evidence);
    }
    var contents = mode.crc() ? contents(subject.file(), good, view) : Map.<DeviceId, Content>of();
    if (algorithm.isEmpty()) {
      return Optional.of(new Evidence(findings, search.get(), Map.of(), contents));
    }
    return digests(subject.file(), good, algorithm.get(), view)
        .map(digests -> new Evidence(findings, evidence.search(), digests, contents));
  }

  /** What those of the copies are that native nodes have; of others nobody can tell. */
  private Map<DeviceId, Content> contents(StoredFile file, Set<DeviceId> devices, ClusterView view)
      throws InterruptedException {
    var contents = new TreeMap<DeviceId, Content>();
    tasks
        .forEach(
            devices,
            LOOKS_AT_ONCE,
            id ->
                view.device(id)
                    .flatMap(device -> place(file, device, view))
                    .flatMap(this::content)
                    .map(content -> Map.entry(id, content)))
        .stream()
        .flatMap(Optional::stream)
        .forEach(each -> contents.put(each.getKey(), each.getValue()));
    return contents;
  }

  private Optional<Content> content(Place place) {
    if (!ports.nativeNodes().isNative(place.host())) {
      return Optional.empty();
    }
    try {
      return look.at(place.host(), place.path().device(), place.path().fid(), Optional.empty())
          .map(
              entry ->
                  new Content(
                      entry.readable() && OrphanPlan.isAsStored(entry), entry.crcNow().orElse(0)));
    } catch (IOException e) {
      causes.warn("a node does not tell a content: " + e.getMessage(), place.toString());
      return Optional.empty();
    }
  }

  /** Bytes that are known to be bad are kept apart, so that nobody takes them for a copy again. */
  private void takeAway(Fid fid, Set<DeviceId> devices, ClusterView view) {
    for (var id : devices) {
      var host = view.hostOf(id);
      if (host.isPresent()) {
        try {
          var _ =
              ports
                  .nativeNodes()
                  .quarantine(host.get(), List.of(Place.of(host.get(), id, fid)), "corrupt");
        } catch (IOException e) {
          causes.warn("bad bytes stay where they are: " + e.getMessage(), "fid " + fid);
        }
      }
    }
  }

  private Map<DeviceId, Finding> look(
      StoredFile file, Collection<DeviceId> devices, ClusterView view) throws InterruptedException {
    var findings = new TreeMap<DeviceId, Finding>();
    tasks
        .forEach(devices, LOOKS_AT_ONCE, id -> Map.entry(id, look(file, id, view)))
        .forEach(each -> findings.put(each.getKey(), each.getValue()));
    return findings;
  }

  private Finding look(StoredFile file, DeviceId id, ClusterView view) {
    var device = view.device(id);
    if (device.isEmpty() || device.get().status() == DeviceStatus.DEAD) {
      return Finding.LOST;
    }
    var place = place(file, device.get(), view);
    if (place.isEmpty()) {
      return Finding.CANNOT_TELL;
    }
    return switch (ports.nodes().look(place.get())) {
      case Presence.Present(var length) ->
          length == file.length() ? Finding.GOOD : Finding.WRONG_LENGTH;
      case Presence.Missing() -> Finding.MISSING;
      case Presence.CannotTell _ -> Finding.CANNOT_TELL;
    };
  }

  /** Where to ask; nowhere while the device is not to be read. */
  private static Optional<Place> place(StoredFile file, Device device, ClusterView view) {
    return view.shouldRead(device)
        ? view.host(device.host()).map(host -> Place.of(host, device.id(), file.fid()))
        : Optional.empty();
  }

  /** Asks all other devices; empty when none has it and one could not be asked. */
  private Optional<Search> search(Subject subject, ClusterView view) throws InterruptedException {
    var others =
        new ArrayList<>(
            view.devices().stream()
                .filter(device -> device.status() != DeviceStatus.DEAD)
                .map(Device::id)
                .filter(id -> !subject.on().contains(id))
                .toList());
    Collections.shuffle(others, random);
    var findings = look(subject.file(), others, view);
    var found = others.stream().filter(id -> findings.get(id) == Finding.GOOD).findFirst();
    if (found.isPresent()) {
      return Optional.of(new Search.Found(found.get()));
    }
    return findings.containsValue(Finding.CANNOT_TELL)
        ? Optional.empty()
        : Optional.of(new Search.Nowhere());
  }

  private Optional<Map<DeviceId, Checksum>> digests(
      StoredFile file, Set<DeviceId> devices, HashAlgorithm algorithm, ClusterView view)
      throws InterruptedException {
    var digests = new TreeMap<DeviceId, Checksum>();
    tasks
        .forEach(
            devices,
            LOOKS_AT_ONCE,
            id ->
                view.device(id)
                    .flatMap(device -> place(file, device, view))
                    .flatMap(place -> ports.nodes().digest(place, algorithm, file.length()))
                    .map(digest -> Map.entry(id, digest)))
        .stream()
        .flatMap(Optional::stream)
        .forEach(each -> digests.put(each.getKey(), each.getValue()));
    return digests.size() == devices.size() ? Optional.of(digests) : Optional.empty();
  }
}
