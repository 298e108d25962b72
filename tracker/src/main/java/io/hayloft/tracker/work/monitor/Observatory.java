package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.Space;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts together what was read from the database and what was seen of the nodes, and holds the view
 * that results. Each piece of news makes a new view at once.
 */
final class Observatory {

  private final ClusterView.Defaults defaults;
  private final Object lock = new Object();

  private Registry registry = Registry.EMPTY;
  private final Set<HostId> reachable = new HashSet<>();
  private final Map<DeviceId, Observation> observations = new HashMap<>();
  private final Map<DeviceId, Space> space = new HashMap<>();
  private volatile ClusterView view;

  Observatory(ClusterView.Defaults defaults) {
    this.defaults = defaults;
    this.view = new ClusterView(registry, Set.of(), Map.of(), defaults);
  }

  ClusterView view() {
    return view;
  }

  /** What operators have set up, as of now. What is not probed any more is not observed either. */
  void take(Registry newer) {
    synchronized (lock) {
      registry = newer;
      reachable.removeIf(
          id -> newer.hosts().get(id) == null || !newer.hosts().get(id).status().readable());
      observations.keySet().removeIf(id -> !isProbed(newer, id));
      space.keySet().removeIf(id -> !newer.devices().containsKey(id));
      publish();
    }
  }

  private static boolean isProbed(Registry registry, DeviceId id) {
    var device = registry.devices().get(id);
    if (device == null || !device.status().readable()) {
      return false;
    }
    var host = registry.hosts().get(device.host());
    return host != null && host.status().readable();
  }

  /** What was seen of a host. Of devices that are gone meanwhile nothing is kept. */
  void take(HostProbe.Report report) {
    synchronized (lock) {
      var host = report.host().id();
      report
          .reachable()
          .ifPresent(
              is -> {
                if (is && registry.hosts().containsKey(host)) {
                  reachable.add(host);
                } else {
                  reachable.remove(host);
                }
              });
      report
          .observations()
          .forEach(
              (id, seen) -> {
                if (isProbed(registry, id)) {
                  observations.put(id, seen);
                }
              });
      space.putAll(report.space());
      space.keySet().retainAll(registry.devices().keySet());
      publish();
    }
  }

  /** How full the devices are, as far as this tracker has seen it itself. */
  Map<DeviceId, Space> space() {
    synchronized (lock) {
      return Map.copyOf(space);
    }
  }

  private void publish() {
    view = new ClusterView(filled(), reachable, observations, defaults);
  }

  /** The registry with the newest space of each device: the database is told only now and then. */
  private Registry filled() {
    var devices = registry.devices().values().stream().map(this::filled).toList();
    var domains = new HashMap<Domain, List<FileClass>>();
    registry.domains().forEach(each -> domains.put(each, registry.classRows(each.id())));
    return new Registry(
        List.copyOf(registry.hosts().values()), devices, domains, registry.settings());
  }

  private Device filled(Device device) {
    var seen = space.get(device.id());
    if (seen == null || device.space().filter(kept -> kept.asOf() > seen.asOf()).isPresent()) {
      return device;
    }
    return device.with(seen);
  }
}
