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
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with a file drawn in one line: {@code h1[1X 2_] h2:down[3_ 4X:dead]}. Each bracket is a
 * host, within it device numbers, {@code X} where the file is, {@code _} where it is not; a status
 * follows after a colon where it is not alive, or what the monitor sees of one that is: {@code
 * full}, {@code unwriteable} (it can be read), {@code distrusted} (its node writes nothing there)
 * or {@code silent}.
 *
 * <p>{@code h1@b[…]} is a host of the zone b, with the address 10.2.0.1; {@code h1@7[…]} is one of
 * no zone, 10.107.0.1. Others are 10.0.0.n, and in no zone either.
 */
public record Drawing(ClusterView cluster, Set<DeviceId> on) {

  private static final Pattern HOST =
      Pattern.compile("h([0-9]+)(?:@([a-z0-9]))?(?::([a-z]+))?\\[([^\\]]*)\\]");
  private static final Pattern DEVICE = Pattern.compile("([0-9]+)([X_])(?::([a-z]+))?");

  public static Drawing of(String text) {
    return of(text, ClusterView.Locality.OFF);
  }

  static Drawing of(String text, ClusterView.Locality locality) {
    var zones = new TreeMap<String, String>();
    var hosts = new ArrayList<Host>();
    var devices = new ArrayList<Device>();
    var on = new HashSet<DeviceId>();
    var reachable = new HashSet<HostId>();
    Map<DeviceId, Observation> observations = new HashMap<>();
    var host = HOST.matcher(text);
    while (host.find()) {
      var id = new HostId(Integer.parseInt(host.group(1)));
      var hostStatus = HostStatus.named(word(host.group(3))).orElseThrow();
      var network = network(host.group(2), zones);
      hosts.add(new Host(id, "h" + id, hostStatus, HostAddresses.of(network + ".0." + id, 7500)));
      if (hostStatus == HostStatus.ALIVE) {
        reachable.add(id);
      }
      var device = DEVICE.matcher(host.group(4));
      while (device.find()) {
        var devid = new DeviceId(Integer.parseInt(device.group(1)));
        var word = word(device.group(3));
        var status = DeviceStatus.named(word).orElse(DeviceStatus.ALIVE);
        int used = word.equals("full") ? 99_950 : 40_000;
        devices.add(new Device(devid, id, status, 100, Optional.of(new Space(100_000, used, 1))));
        observations.put(
            devid,
            Observation.NONE
                .withDistrusted(
                    word.equals("distrusted") ? Optional.of("a sync failed") : Optional.empty())
                .with(reach(word, status)));
        if (device.group(2).equals("X")) {
          on.add(devid);
        }
      }
    }
    var settings = new HashMap<String, String>();
    settings.put("network_zones", String.join(",", zones.keySet()));
    zones.forEach((zone, network) -> settings.put("zone_" + zone, network + ".0.0/16"));
    var registry = new Registry(hosts, devices, Map.of(), new ServerSettings(settings));
    var defaults = new ClusterView.Defaults(100, 2, locality);
    return new Drawing(new ClusterView(registry, reachable, observations, defaults), on);
  }

  private static Reach reach(String word, DeviceStatus status) {
    return switch (word) {
      case "unwriteable" -> Reach.READABLE;
      case "silent" -> Reach.UNREACHABLE;
      default -> status.readable() ? Reach.WRITEABLE : Reach.UNREACHABLE;
    };
  }

  private static String network(@Nullable String mark, Map<String, String> zones) {
    if (mark == null) {
      return "10.0";
    }
    if (Character.isDigit(mark.charAt(0))) {
      return "10.10" + mark;
    }
    return zones.computeIfAbsent(mark, zone -> "10." + (1 + zone.charAt(0) - 'a'));
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
