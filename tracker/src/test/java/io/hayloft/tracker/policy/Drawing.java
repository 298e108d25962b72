package io.hayloft.tracker.policy;

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
import java.util.regex.Pattern;

/**
 * A cluster with a file drawn in one line: {@code h1[1X 2_] h2:down[3_ 4X:dead]}. Each bracket is a
 * host, within it device numbers, {@code X} where the file is, {@code _} where it is not; a status
 * follows after a colon where it is not alive.
 */
public record Drawing(ClusterView cluster, Set<DeviceId> on) {

  private static final Pattern HOST = Pattern.compile("h([0-9]+)(?::([a-z]+))?\\[([^\\]]*)\\]");
  private static final Pattern DEVICE = Pattern.compile("([0-9]+)([X_])(?::([a-z]+))?");

  public static Drawing of(String text) {
    var hosts = new ArrayList<Host>();
    var devices = new ArrayList<Device>();
    var on = new HashSet<DeviceId>();
    var reachable = new HashSet<HostId>();
    Map<DeviceId, Observation> observations = new HashMap<>();
    var host = HOST.matcher(text);
    while (host.find()) {
      var id = new HostId(Integer.parseInt(host.group(1)));
      var hostStatus = HostStatus.named(word(host.group(2))).orElseThrow();
      hosts.add(new Host(id, "h" + id, hostStatus, HostAddresses.of("10.0.0." + id, 7500)));
      if (hostStatus == HostStatus.ALIVE) {
        reachable.add(id);
      }
      var device = DEVICE.matcher(host.group(3));
      while (device.find()) {
        var devid = new DeviceId(Integer.parseInt(device.group(1)));
        var status = DeviceStatus.named(word(device.group(3))).orElseThrow();
        devices.add(new Device(devid, id, status, 100, Optional.of(new Space(100_000, 40_000, 1))));
        observations.put(
            devid, Observation.NONE.with(status.readable() ? Reach.WRITEABLE : Reach.UNREACHABLE));
        if (device.group(2).equals("X")) {
          on.add(devid);
        }
      }
    }
    var registry = new Registry(hosts, devices, Map.of(), new ServerSettings(Map.of()));
    return new Drawing(
        new ClusterView(registry, reachable, observations, new ClusterView.Defaults(100, 2)), on);
  }

  private static String word(String status) {
    return status == null ? "alive" : status;
  }

  Situation situation(int mindevcount, Integer... avoid) {
    return new Situation(cluster, on, Set.copyOf(ids(avoid)), mindevcount);
  }

  public static List<DeviceId> ids(Integer... numbers) {
    return java.util.Arrays.stream(numbers).map(DeviceId::new).toList();
  }
}
