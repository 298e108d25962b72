package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.Space;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts together what was read from the database and what was seen of the nodes, and holds the view
 * that results. Each piece of news makes a new view at once.
 */
final class Observatory {

  private static final Logger log = LoggerFactory.getLogger(Observatory.class);

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
  void take(HostLook.Report report) {
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
      report.answered().forEach(id -> change(id, seen -> seen.with(answering(id, seen))));
      report.out().forEach(id -> change(id, seen -> seen.with(Reach.UNREACHABLE)));
      if (!report.reachable().equals(Optional.of(false))) {
        devicesOf(host).forEach(id -> change(id, seen -> busy(seen, report, id)));
      }
      space.putAll(report.space());
      space.keySet().retainAll(registry.devices().keySet());
      publish();
    }
  }

  private static Observation busy(Observation seen, HostLook.Report report, DeviceId id) {
    return seen.withUtilization(report.utilization().getOrDefault(id, ""));
  }

  private Reach answering(DeviceId id, Observation seen) {
    var device = registry.devices().get(id);
    var host = device == null ? null : registry.hosts().get(device.host());
    return device == null || host == null
        ? seen.reach()
        : WriteTrials.reachOf(host, device, seen.reach());
  }

  private List<DeviceId> devicesOf(HostId host) {
    return registry.devices().values().stream()
        .filter(device -> device.host().equals(host))
        .map(Device::id)
        .toList();
  }

  /** How a trial to write ended. A device that fell silent meanwhile stays out of reach. */
  void take(WriteTrials.Trial trial) {
    synchronized (lock) {
      change(
          trial.device(),
          seen -> {
            var reach = trial.writeable() ? Reach.WRITEABLE : Reach.READABLE;
            var newer = seen.reach() == Reach.UNREACHABLE ? seen : seen.with(reach);
            return trial.rejectsBadMd5().map(newer::withRejectsBadMd5).orElse(newer);
          });
      publish();
    }
  }

  /**
   * Whose the disks of a host are.
   *
   * @param verdicts why a device must not be used, or nothing where it may be; those that are not
   *     named may
   */
  void refuse(HostId host, Map<DeviceId, Optional<String>> verdicts) {
    synchronized (lock) {
      for (var id : devicesOf(host)) {
        var why = verdicts.getOrDefault(id, Optional.empty());
        var before = observations.getOrDefault(id, Observation.NONE).refused();
        if (!why.equals(before) && isProbed(registry, id)) {
          change(id, seen -> seen.withRefused(why));
          why.ifPresentOrElse(
              it -> log.error("dev{} is not used: {} (hayloft device accept-disk)", id, it),
              () -> log.info("dev{} has the disk that belongs to it", id));
        }
      }
      publish();
    }
  }

  /**
   * What a host's node said of its devices.
   *
   * @param why a device is not to be written; those that are not named may be
   * @return the devices that may be written again
   */
  Set<DeviceId> distrust(HostId host, Map<DeviceId, String> why) {
    var trusted = new HashSet<DeviceId>();
    synchronized (lock) {
      boolean isNew = false;
      for (var id : devicesOf(host)) {
        var newer = Optional.ofNullable(why.get(id));
        var before = observations.getOrDefault(id, Observation.NONE).distrusted();
        if (newer.equals(before) || !isProbed(registry, id)) {
          continue;
        }
        isNew = true;
        change(id, seen -> seen.withDistrusted(newer));
        if (newer.isEmpty()) {
          trusted.add(id);
          log.info("dev{} takes changes again", id);
        } else if (before.isEmpty()) {
          log.error("dev{} takes no changes: {} (hayloft risk)", id, newer.get());
        }
      }
      if (isNew) {
        publish();
      }
    }
    return trusted;
  }

  private void change(DeviceId id, UnaryOperator<Observation> newer) {
    if (isProbed(registry, id)) {
      var seen = observations.getOrDefault(id, Observation.NONE);
      var changed = newer.apply(seen);
      if (!changed.equals(Observation.NONE)) {
        observations.put(id, changed);
      }
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
