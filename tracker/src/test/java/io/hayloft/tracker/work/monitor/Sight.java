package io.hayloft.tracker.work.monitor;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Draws what a tracker sees of hosts with the same number of disks each. */
final class Sight {

  private final int hosts;
  private final int disks;
  private final Set<Integer> out = new HashSet<>();
  private final Map<Integer, DeviceStatus> marked = new HashMap<>();
  private final Map<Integer, String> refused = new HashMap<>();
  private final Map<String, String> settings = new TreeMap<>();

  Sight(int hosts, int disks) {
    this.hosts = hosts;
    this.disks = disks;
  }

  Sight without(int... devices) {
    for (int device : devices) {
      out.add(device);
    }
    return this;
  }

  Sight marked(int device, DeviceStatus status) {
    marked.put(device, status);
    return this;
  }

  Sight refusing(int device, String why) {
    refused.put(device, why);
    return this;
  }

  Sight set(String setting, String value) {
    settings.put(setting, value);
    return this;
  }

  /** Device n is on host (n - 1) / disks + 1. */
  ClusterView view() {
    var hostList = new ArrayList<Host>();
    var devices = new ArrayList<Device>();
    var seen = new HashMap<DeviceId, Observation>();
    var reachable = new HashSet<HostId>();
    for (int h = 1; h <= hosts; h++) {
      var host = new HostId(h);
      hostList.add(
          new Host(host, "h" + h, HostStatus.ALIVE, HostAddresses.of("10.0.0." + h, 7500)));
      reachable.add(host);
      for (int d = (h - 1) * disks + 1; d <= h * disks; d++) {
        var id = new DeviceId(d);
        devices.add(
            new Device(
                id, host, marked.getOrDefault(d, DeviceStatus.ALIVE), 100, Optional.empty()));
        seen.put(
            id,
            new Observation(
                out.contains(d) ? Reach.UNREACHABLE : Reach.WRITEABLE,
                "",
                Optional.empty(),
                Optional.ofNullable(refused.get(d)),
                Optional.empty()));
      }
    }
    return new ClusterView(
        new Registry(List.copyOf(hostList), devices, Map.of(), new ServerSettings(settings)),
        reachable,
        seen,
        new ClusterView.Defaults(100, 2));
  }
}
