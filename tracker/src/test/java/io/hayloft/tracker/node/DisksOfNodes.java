package io.hayloft.tracker.node;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes that tell whose their disks are, and do nothing else. */
public final class DisksOfNodes implements NativeNodes {

  private final Map<HostId, Map<DeviceId, DeviceAnswer>> disks = new ConcurrentHashMap<>();
  private volatile boolean failing;
  private volatile boolean foreign;

  public void put(int host, int device, String identity) {
    answer(
        host, device, new DeviceAnswer(Optional.of(identity), Optional.empty(), Optional.empty()));
  }

  public void distrust(int host, int device, String identity, String why) {
    answer(
        host, device, new DeviceAnswer(Optional.of(identity), Optional.empty(), Optional.of(why)));
  }

  public void refuse(int host, int device, String why) {
    answer(host, device, new DeviceAnswer(Optional.empty(), Optional.of(why), Optional.empty()));
  }

  public void fail(boolean now) {
    failing = now;
  }

  public void foreign(boolean now) {
    foreign = now;
  }

  private void answer(int host, int device, DeviceAnswer answer) {
    disks
        .computeIfAbsent(new HostId(host), _ -> new ConcurrentHashMap<>())
        .put(new DeviceId(device), answer);
  }

  @Override
  public boolean isNative(Host host) {
    return !foreign && disks.containsKey(host.id());
  }

  @Override
  public Map<DeviceId, DeviceAnswer> devices(Host host) throws IOException {
    if (failing) {
      throw new IOException("breaks off");
    }
    return new HashMap<>(disks.getOrDefault(host.id(), Map.of()));
  }

  @Override
  public Manifest manifest(Host host, DeviceId device, Extent extent) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<Place> quarantine(Host host, List<Place> places, String why) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Finding> findings(Host host) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void acknowledge(Host host, List<Finding> findings) {
    throw new UnsupportedOperationException();
  }
}
