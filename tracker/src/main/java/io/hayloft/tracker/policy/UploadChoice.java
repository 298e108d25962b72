package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Where a client may store a new file. */
public final class UploadChoice {

  private static final long MIB = 1L << 20;

  private UploadChoice() {}

  /**
   * Up to so many devices, best first, each on a host of its own; fewer where there are not so many
   * hosts, none where nothing may take the file.
   *
   * <p>Devices are drawn by how empty they are, as the original does. It meant to spread over hosts
   * too but compared device with host numbers. Where near is told from far, devices in the client's
   * zone are drawn before all others.
   *
   * <p>A device whose space is not known weighs nothing and is never chosen, whether or not the
   * client names a size. The original falls back on such devices when none is known to have room
   * for the size, and then weighs them as nothing too: both say that there are no devices.
   *
   * @param sizeBytes what the client says the file has; only devices known to have more room than
   *     that are chosen
   */
  public static List<Device> choose(
      ClusterView cluster,
      OptionalLong sizeBytes,
      int wanted,
      Caller client,
      RandomGenerator random) {
    return first(order(cluster, sizeBytes, client, random), wanted);
  }

  /** All devices that may take the file, in the order in which they are to be chosen from. */
  public static List<Device> order(
      ClusterView cluster, OptionalLong sizeBytes, Caller client, RandomGenerator random) {
    var open = cluster.devices().stream().filter(cluster::shouldGetNewFiles).toList();
    var roomy = sizeBytes.isEmpty() ? open : withRoom(open, sizeBytes.getAsLong());
    return Nearness.first(
        cluster, cluster.nearest(client), roomy, part -> Emptiest.order(part, random));
  }

  /** The first so many devices of an order, each on a host of its own. */
  public static List<Device> first(List<Device> ordered, int wanted) {
    var chosen = new ArrayList<Device>(wanted);
    var hosts = new HashSet<HostId>();
    for (var device : ordered) {
      if (chosen.size() == wanted) {
        break;
      }
      if (hosts.add(device.host())) {
        chosen.add(device);
      }
    }
    return List.copyOf(chosen);
  }

  private static List<Device> withRoom(List<Device> devices, long bytes) {
    return devices.stream()
        .filter(device -> device.space().filter(s -> s.freeMb() > bytes / MIB).isPresent())
        .toList();
  }
}
