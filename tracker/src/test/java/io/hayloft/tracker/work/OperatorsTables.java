package io.hayloft.tracker.work;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.RegistryStore;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * What operators set up, in memory, for tests of what reads it. Of the port only {@link #load} and
 * {@link #saveSpace} are there; leases are given to whoever comes first.
 */
public final class OperatorsTables implements RegistryStore, LeaseStore {

  private final Map<HostId, Host> hosts = new TreeMap<>();
  private final Map<DeviceId, Device> devices = new TreeMap<>();
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, String> owners = new ConcurrentHashMap<>();
  private final AtomicInteger readings = new AtomicInteger();
  private boolean down;

  public synchronized OperatorsTables host(int id, HostStatus status, int... disks) {
    var host = new HostId(id);
    hosts.put(host, new Host(host, "h" + id, status, HostAddresses.of("127.0.0." + id, 7500)));
    for (int disk : disks) {
      device(disk, id, DeviceStatus.ALIVE);
    }
    return this;
  }

  public synchronized OperatorsTables device(int id, int host, DeviceStatus status) {
    var device = new DeviceId(id);
    devices.put(device, new Device(device, new HostId(host), status, 100, Optional.empty()));
    return this;
  }

  public synchronized void isDown(boolean now) {
    down = now;
  }

  public synchronized Optional<Space> space(int device) {
    return Optional.ofNullable(devices.get(new DeviceId(device))).flatMap(Device::space);
  }

  int readings() {
    return readings.get();
  }

  @Override
  public synchronized Registry load() {
    readings.incrementAndGet();
    if (down) {
      throw new StoreException(
          StoreException.Cause.UNAVAILABLE, "down", new IllegalStateException("down"));
    }
    return new Registry(
        List.copyOf(hosts.values()),
        List.copyOf(devices.values()),
        Map.of(new Domain(new DomainId(1), "d"), List.of()),
        new ServerSettings(settings));
  }

  @Override
  public synchronized void saveSpace(Map<DeviceId, Space> space) {
    space.forEach((id, each) -> devices.computeIfPresent(id, (_, device) -> device.with(each)));
  }

  @Override
  public boolean acquire(String name, String owner, Duration length) {
    return owner.equals(owners.computeIfAbsent(name, _ -> owner));
  }

  @Override
  public void release(String name, String owner) {
    owners.remove(name, owner);
  }

  @Override
  public void discard(String name, String owner) {
    release(name, owner);
  }

  @Override
  public Set<String> acquireAll(Collection<String> names, String owner, Duration length) {
    return names.stream().filter(name -> acquire(name, owner, length)).collect(Collectors.toSet());
  }

  @Override
  public void discardAll(Collection<String> names, String owner) {
    names.forEach(name -> discard(name, owner));
  }

  @Override
  public Domain createDomain(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Removal deleteDomain(DomainId domain) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileClass createClass(DomainId domain, ClassTerms terms) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void updateClass(DomainId domain, FileClass newer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Removal deleteClass(DomainId domain, ClassId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HostId createHost(String name, HostStatus status, HostAddresses addresses) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void updateHost(HostId host, HostStatus status, HostAddresses addresses) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean deleteHost(HostId host) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createDevice(DeviceId device, HostId host, DeviceStatus status) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStatus(DeviceId device, DeviceStatus status) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setWeight(DeviceId device, int weight) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized void set(String setting, Optional<String> value) {
    value.ifPresentOrElse(text -> settings.put(setting, text), () -> settings.remove(setting));
  }

  @Override
  public void increment(String setting) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> setting(String name) {
    throw new UnsupportedOperationException();
  }
}
