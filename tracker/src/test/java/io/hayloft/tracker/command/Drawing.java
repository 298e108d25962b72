package io.hayloft.tracker.command;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Draws views of clusters: device n sits on host n, which has the address 10.0.0.n. */
final class Drawing {

  private final List<Host> hosts = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final Map<DeviceId, Observation> observations = new HashMap<>();
  private final Set<HostId> reachable = new HashSet<>();

  static Device device(int number, DeviceStatus status) {
    return new Device(
        new DeviceId(number),
        new HostId(number),
        status,
        100,
        Optional.of(new Space(1000, 100, 0)));
  }

  Drawing with(int number, DeviceStatus status) {
    return with(number, status, Reach.WRITEABLE);
  }

  Drawing with(int number, DeviceStatus status, Reach reach) {
    var host = new HostId(number);
    hosts.add(
        new Host(host, "h" + number, HostStatus.ALIVE, HostAddresses.of("10.0.0." + number, 7500)));
    devices.add(device(number, status));
    observations.put(new DeviceId(number), new Observation(reach, "", Optional.empty()));
    reachable.add(host);
    return this;
  }

  ClusterView view() {
    return view(100);
  }

  ClusterView view(long minFreeMb) {
    return new ClusterView(
        new Registry(hosts, devices, Map.of(), new ServerSettings(Map.of())),
        reachable,
        observations,
        new ClusterView.Defaults(minFreeMb, 2));
  }
}
