package io.hayloft.tracker.model;

import io.hayloft.protocol.DeviceId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What operators have set up, as read from the database at one moment: hosts, devices, domains with
 * their classes, settings. In the order of their numbers.
 */
public final class Registry {

  public static final Registry EMPTY =
      new Registry(List.of(), List.of(), Map.of(), new ServerSettings(Map.of()));

  private final Map<HostId, Host> hosts;
  private final Map<DeviceId, Device> devices;
  private final Map<Domain, List<FileClass>> domains;
  private final Map<String, Domain> domainsByName = new HashMap<>();
  private final Map<DomainId, Domain> domainsById = new HashMap<>();
  private final ServerSettings settings;
  private final Zones zones;
  private final Map<HostId, String> zonesByHost = new HashMap<>();

  /**
   * @param domains each with the classes that have a row
   */
  public Registry(
      List<Host> hosts,
      List<Device> devices,
      Map<Domain, List<FileClass>> domains,
      ServerSettings settings) {
    var hostsById = new TreeMap<HostId, Host>();
    hosts.forEach(host -> hostsById.put(host.id(), host));
    this.hosts = Collections.unmodifiableMap(hostsById);
    var devicesById = new TreeMap<DeviceId, Device>();
    devices.forEach(device -> devicesById.put(device.id(), device));
    this.devices = Collections.unmodifiableMap(devicesById);
    this.domains = Map.copyOf(domains);
    this.domains
        .keySet()
        .forEach(
            domain -> {
              domainsByName.put(domain.name(), domain);
              domainsById.put(domain.id(), domain);
            });
    this.settings = settings;
    this.zones = Zones.of(settings);
    hosts.forEach(
        host -> zones.of(host.addresses().ip()).ifPresent(it -> zonesByHost.put(host.id(), it)));
  }

  public Map<HostId, Host> hosts() {
    return hosts;
  }

  public Map<DeviceId, Device> devices() {
    return devices;
  }

  public ServerSettings settings() {
    return settings;
  }

  /** The parts of the network that operators have named. */
  public Zones zones() {
    return zones;
  }

  /** The zone that a host's address lies in; empty when it lies in none. */
  public Optional<String> zoneOf(HostId host) {
    return Optional.ofNullable(zonesByHost.get(host));
  }

  /** All domains, by name. */
  public List<Domain> domains() {
    return domains.keySet().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  public Optional<Domain> domain(String name) {
    return Optional.ofNullable(domainsByName.get(name));
  }

  public Optional<Domain> domain(DomainId id) {
    return Optional.ofNullable(domainsById.get(id));
  }

  public Optional<Host> host(String name) {
    return hosts.values().stream().filter(host -> host.name().equals(name)).findFirst();
  }

  /** The classes of a domain that have a row. */
  public List<FileClass> classRows(DomainId domain) {
    return domain(domain).map(domains::get).orElse(List.of());
  }
}
