package io.hayloft.tracker.model;

import io.hayloft.protocol.DeviceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The cluster as this tracker knows it at one moment: what operators have set up and what the
 * monitor has seen. Immutable; every command and every worker decides on one view, taken when it
 * starts.
 *
 * <p>The effective predicates combine both: a device takes new files only when its operator allows
 * it, its host's operator allows it, and the monitor managed to write there.
 */
public final class ClusterView {

  private final Registry registry;
  private final Set<HostId> reachable;
  private final Map<DeviceId, Observation> observations;
  private final Defaults defaults;

  /** Put in order when they are first asked for: most requests ask. */
  private final Map<DomainId, List<FileClass>> classes = new ConcurrentHashMap<>();

  /**
   * What this tracker's own configuration says.
   *
   * @param minFreeMb a device with less takes no new files
   * @param mindevcount copies of a file of a class default that has no row
   */
  public record Defaults(long minFreeMb, int mindevcount, Locality locality) {

    /** Where near and far are the same. */
    public Defaults(long minFreeMb, int mindevcount) {
      this(minFreeMb, mindevcount, Locality.OFF);
    }
  }

  /**
   * Whether what is near is preferred.
   *
   * @param on whether clients are offered devices of their own zone first
   * @param home within the zone that this tracker is in; empty when nobody said which
   */
  public record Locality(boolean on, Optional<Netmask> home) {

    public static final Locality OFF = new Locality(false, Optional.empty());
  }

  public ClusterView(
      Registry registry,
      Set<HostId> reachable,
      Map<DeviceId, Observation> observations,
      Defaults defaults) {
    this.registry = registry;
    this.reachable = Set.copyOf(reachable);
    this.observations = Map.copyOf(observations);
    this.defaults = defaults;
  }

  public Registry registry() {
    return registry;
  }

  public ServerSettings settings() {
    return registry.settings();
  }

  public Collection<Device> devices() {
    return registry.devices().values();
  }

  public Optional<Device> device(DeviceId id) {
    return Optional.ofNullable(registry.devices().get(id));
  }

  public Optional<Host> host(HostId id) {
    return Optional.ofNullable(registry.hosts().get(id));
  }

  /** The host that a device sits in; empty when either is not known. */
  public Optional<Host> hostOf(DeviceId id) {
    return device(id).flatMap(device -> host(device.host()));
  }

  /** The parts of the network that operators have named. */
  public Zones zones() {
    return registry.zones();
  }

  /** The zone that a device's host is in; empty when it is in none. */
  public Optional<String> zoneOf(Device device) {
    return registry.zoneOf(device.host());
  }

  /** The zone whose devices a client should use first; empty when all are the same to it. */
  public Optional<String> nearest(Caller client) {
    return defaults.locality().on() ? zones().of(client.ip()) : Optional.empty();
  }

  /** The zone whose devices this tracker should use first; empty when all are the same to it. */
  public Optional<String> home() {
    var locality = defaults.locality();
    return locality.on() ? locality.home().flatMap(zones()::of) : Optional.empty();
  }

  public Observation observation(DeviceId id) {
    return observations.getOrDefault(id, Observation.NONE);
  }

  /** All classes of a domain by number, the class {@code default} always among them. */
  public List<FileClass> classes(DomainId domain) {
    var known = classes.get(domain);
    return known == null ? classes.computeIfAbsent(domain, this::inOrder) : known;
  }

  private List<FileClass> inOrder(DomainId domain) {
    var rows = registry.classRows(domain);
    boolean explicit = rows.stream().anyMatch(row -> row.id().equals(ClassId.DEFAULT));
    var implied =
        explicit
            ? Stream.<FileClass>empty()
            : Stream.of(FileClass.implicitDefault(defaults.mindevcount()));
    return Stream.concat(implied, rows.stream())
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .toList();
  }

  public Optional<FileClass> fileClass(DomainId domain, ClassId id) {
    return classes(domain).stream().filter(each -> each.id().equals(id)).findFirst();
  }

  public Optional<FileClass> fileClass(DomainId domain, String name) {
    return classes(domain).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Whether the host answered when the monitor last asked. */
  public boolean isReachable(HostId id) {
    return reachable.contains(id);
  }

  /** Whether the device's and its host's operators allow probing and reading. */
  public boolean mayRead(Device device) {
    return device.status().readable()
        && host(device.host()).filter(host -> host.status().readable()).isPresent();
  }

  /** Whether clients and the replicator should read from it now. */
  public boolean shouldRead(Device device) {
    var seen = observation(device.id());
    var reach = seen.reach();
    return mayRead(device)
        && isReachable(device.host())
        && seen.refused().isEmpty()
        && (reach == Reach.WRITEABLE || reach == Reach.READABLE);
  }

  /** Whether operators allow removing bytes from it. */
  public boolean mayDelete(Device device) {
    return device.status().deletable()
        && host(device.host()).filter(host -> host.status() == HostStatus.ALIVE).isPresent();
  }

  /** Whether the monitor managed to write to it when it last tried. */
  public boolean isWriteable(Device device) {
    var seen = observation(device.id());
    return isReachable(device.host())
        && seen.refused().isEmpty()
        && seen.reach() == Reach.WRITEABLE;
  }

  /** Whether new uploads and copies may go there now. */
  public boolean shouldGetNewFiles(Device device) {
    return device.status() == DeviceStatus.ALIVE
        && host(device.host()).filter(host -> host.status() == HostStatus.ALIVE).isPresent()
        && isWriteable(device)
        && device.space().map(space -> space.freeMb() >= defaults.minFreeMb()).orElse(true);
  }

  /** Whether a replica there counts as a copy: on every known device that is not dead. */
  public boolean countsAsCopy(DeviceId id) {
    return device(id).filter(device -> device.status() != DeviceStatus.DEAD).isPresent();
  }

  public Defaults defaults() {
    return defaults;
  }

  /** The same cluster after operators changed something. */
  public ClusterView with(Registry newer) {
    return new ClusterView(newer, reachable, observations, defaults);
  }
}
